//! The control interface under `/_control/`: the handles' functions over HTTP, for demos and for tests
//! that live in another process or language. No login; loopback only.

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    omnidesk::{ByHand, FaultRule, Omnidesk},
    pbx::{CallSpec, ClickPlan, Pbx, PbxFault, ScriptError, Step},
};

#[derive(Clone)]
struct Control {
    omnidesk: Omnidesk,
    pbx: Pbx,
}

/// The routes; the README of this crate lists them.
pub(crate) fn router(omnidesk: Omnidesk, pbx: Pbx) -> Router {
    Router::new()
        .route("/_control/reset", post(reset))
        .route("/_control/pbx/calls", get(calls).post(place))
        .route("/_control/pbx/calls/{call}", get(call))
        .route("/_control/pbx/calls/{call}/flutter", post(flutter))
        .route("/_control/pbx/calls/{call}/{step}", post(step))
        .route("/_control/pbx/hangup_all", post(hang_up_all))
        .route("/_control/pbx/click", post(click))
        .route("/_control/pbx/phones/{extension}", post(phone))
        .route("/_control/pbx/faults", post(break_pbx).delete(heal_pbx))
        .route("/_control/pbx/requests", get(pbx_requests))
        .route("/_control/pbx/state", get(pbx_state))
        .route("/_control/omnidesk/faults", get(faults).post(break_omnidesk).delete(heal_omnidesk))
        .route("/_control/omnidesk/state", get(state))
        .route("/_control/omnidesk/cases", get(cases))
        .route("/_control/omnidesk/requests", get(requests).delete(forget_requests))
        .route("/_control/omnidesk/counts", get(counts))
        .route("/_control/omnidesk/rate", post(rate))
        .route("/_control/omnidesk/clock", post(clock))
        .route("/_control/omnidesk/merge", post(merge))
        .route("/_control/omnidesk/by_hand", post(by_hand))
        .with_state(Control { omnidesk, pbx })
}

fn done() -> Response {
    Json(json!({ "ok": true })).into_response()
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

fn script_error(error: &ScriptError) -> Response {
    let status = match error {
        ScriptError::UnknownCall(_) => StatusCode::NOT_FOUND,
        ScriptError::UnknownExtension(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ScriptError::DoesNotFit { .. } => StatusCode::CONFLICT,
    };
    refused(status, &error.to_string())
}

async fn reset(State(control): State<Control>) -> Response {
    control.pbx.reset();
    control.omnidesk.reset();
    done()
}

async fn calls(State(control): State<Control>) -> Response {
    Json(control.pbx.calls()).into_response()
}

async fn place(State(control): State<Control>, Json(spec): Json<CallSpec>) -> Response {
    match control.pbx.place(spec) {
        Ok(call) => {
            let view = control.pbx.call(&call);
            Json(json!({ "call": call, "view": view })).into_response()
        }
        Err(error) => script_error(&error),
    }
}

async fn call(State(control): State<Control>, Path(call): Path<String>) -> Response {
    match control.pbx.call(&call) {
        Some(view) => Json(view).into_response(),
        None => refused(StatusCode::NOT_FOUND, "no such call"),
    }
}

async fn step(State(control): State<Control>, Path((call, step)): Path<(String, String)>, body: String) -> Response {
    let mut fields: Value = serde_json::from_str(&body).unwrap_or_else(|_| json!({}));
    // `hangup` is what everybody types.
    fields["step"] = json!(if step == "hangup" { "hang_up" } else { &step });
    let step: Step = match serde_json::from_value(fields) {
        Ok(step) => step,
        Err(error) => return refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    match control.pbx.step(&call, &step) {
        Ok(()) => Json(control.pbx.call(&call)).into_response(),
        Err(error) => script_error(&error),
    }
}

#[derive(Deserialize)]
struct Flutter {
    times: u32,
}

/// The other side of a talk is put on hold and taken back so many times, all at once.
async fn flutter(State(control): State<Control>, Path(call): Path<String>, Json(flutter): Json<Flutter>) -> Response {
    for step in (0..flutter.times).flat_map(|_| [Step::Hold, Step::Unhold]) {
        if let Err(error) = control.pbx.step(&call, &step) {
            return script_error(&error);
        }
    }
    done()
}

async fn hang_up_all(State(control): State<Control>) -> Response {
    Json(json!({ "ended": control.pbx.hang_up_all() })).into_response()
}

async fn click(State(control): State<Control>, Json(plan): Json<ClickPlan>) -> Response {
    control.pbx.set_click_plan(plan);
    done()
}

#[derive(Deserialize)]
struct Phone {
    registered: bool,
}

async fn phone(State(control): State<Control>, Path(extension): Path<String>, Json(phone): Json<Phone>) -> Response {
    if control.pbx.set_registered(&extension, phone.registered) {
        done()
    } else {
        refused(StatusCode::NOT_FOUND, "no such extension")
    }
}

async fn break_pbx(State(control): State<Control>, Json(fault): Json<PbxFault>) -> Response {
    control.pbx.fault(&fault);
    done()
}

async fn heal_pbx(State(control): State<Control>) -> Response {
    control.pbx.clear_faults();
    done()
}

async fn pbx_requests(State(control): State<Control>) -> Response {
    Json(control.pbx.rest_requests()).into_response()
}

async fn pbx_state(State(control): State<Control>) -> Response {
    let pbx = &control.pbx;
    Json(json!({ "sockets": pbx.sockets(), "calls": pbx.calls() })).into_response()
}

async fn faults(State(control): State<Control>) -> Response {
    Json(control.omnidesk.faults()).into_response()
}

async fn break_omnidesk(State(control): State<Control>, Json(rule): Json<FaultRule>) -> Response {
    control.omnidesk.fault(rule);
    done()
}

async fn heal_omnidesk(State(control): State<Control>) -> Response {
    control.omnidesk.clear_faults();
    done()
}

async fn state(State(control): State<Control>) -> Response {
    Json(control.omnidesk.state()).into_response()
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    all: bool,
}

async fn cases(State(control): State<Control>, Query(which): Query<Which>) -> Response {
    let cases = if which.all {
        control.omnidesk.cases()
    } else {
        control.omnidesk.new_cases()
    };
    Json(cases).into_response()
}

async fn requests(State(control): State<Control>) -> Response {
    Json(control.omnidesk.requests()).into_response()
}

async fn forget_requests(State(control): State<Control>) -> Response {
    control.omnidesk.clear_requests();
    done()
}

async fn counts(State(control): State<Control>) -> Response {
    Json(control.omnidesk.counts()).into_response()
}

#[derive(Deserialize)]
struct Rate {
    per_minute: u32,
}

async fn rate(State(control): State<Control>, Json(rate): Json<Rate>) -> Response {
    control.omnidesk.set_rate_limit(rate.per_minute);
    done()
}

#[derive(Deserialize)]
struct Clock {
    ahead_ms: i64,
}

async fn clock(State(control): State<Control>, Json(clock): Json<Clock>) -> Response {
    control.omnidesk.set_clock(clock.ahead_ms);
    done()
}

#[derive(Deserialize)]
struct Merge {
    case: String,
    into: String,
}

async fn merge(State(control): State<Control>, Json(merge): Json<Merge>) -> Response {
    if control.omnidesk.merge(&merge.case, &merge.into) {
        done()
    } else {
        refused(StatusCode::NOT_FOUND, "no such case")
    }
}

async fn by_hand(State(control): State<Control>, Json(deed): Json<ByHand>) -> Response {
    match control.omnidesk.by_hand(&deed) {
        Some(id) => Json(json!({ "id": id })).into_response(),
        None => refused(StatusCode::NOT_FOUND, "no such thing"),
    }
}
