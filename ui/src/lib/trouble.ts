/** Why something failed, in plain words (house rule 8: codes travel, windows word them). */
import type { TroubleView } from './backend'
import { m } from './m'

const WORDS: Record<TroubleView, () => string> = {
  unreachable: m.common_trouble_unreachable,
  notOffered: m.common_trouble_not_offered,
  unknownHost: m.common_trouble_unknown_host,
  tls: m.common_trouble_tls,
  noTls: m.common_trouble_no_tls,
  needsTls: m.common_trouble_needs_tls,
  plainHttp: m.common_trouble_plain_http,
  timeout: m.common_trouble_timeout,
  badCredentials: m.common_trouble_bad_credentials,
  forbidden: m.common_trouble_forbidden,
  readOnly: m.common_trouble_read_only,
  wrongService: m.common_trouble_wrong_service,
  booting: m.common_trouble_booting,
  noSuchExtension: m.common_trouble_no_such_extension,
  phoneOffline: m.common_trouble_phone_offline,
  noRoute: m.common_trouble_no_route,
  noSuchNumber: m.common_trouble_no_such_number,
  lineRefused: m.common_trouble_line_refused,
  openPbx: m.common_trouble_open_pbx,
  replaced: m.common_trouble_replaced,
  silent: m.common_trouble_silent,
  closed: m.common_trouble_closed,
  rateLimited: m.common_trouble_rate_limited,
  serverError: m.common_trouble_server_error,
  refused: m.common_trouble_refused,
  gone: m.common_trouble_gone,
  foreignHost: m.common_trouble_foreign_host,
  fileAddress: m.common_trouble_file_address,
  notSound: m.common_trouble_not_sound,
  flooding: m.common_trouble_flooding,
  badSetting: m.common_trouble_bad_setting,
  noKeychain: m.common_trouble_no_keychain,
  keychainLocked: m.common_trouble_keychain_locked,
  storage: m.common_trouble_storage,
  other: m.common_trouble_other,
}

export function troubleText(trouble: TroubleView): string {
  return WORDS[trouble]()
}
