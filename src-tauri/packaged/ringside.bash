# Made of the program's table of its command line (src-tauri/src/arguments/table.rs); not to be changed by hand.

_ringside() {
    local word=${COMP_WORDS[COMP_CWORD]} words= flags= instead= files= command= argument= given= part
    for part in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $part in
            -?*) given+=" $part " ;;
            *) if [[ -z $command ]]; then command=$part; else argument=$part; fi ;;
        esac
    done
    COMPREPLY=()
    case $command in
        '') words='dial show open-case pause status export-diagnostics' flags='--hidden --help --version' ;;
        dial) instead='--selection' ;;
        show) words='calls search stats outbox fields settings' ;;
        pause) words='30m 2h tomorrow on off' ;;
        status) flags='--json' ;;
        export-diagnostics) flags='--force' files='yes' ;;
    esac
    [[ -z $argument ]] || words= files= instead=
    if [[ $word == -* || -z $words$files ]]; then
        words= files=
        for part in $flags $instead; do
            [[ $given == *" $part "* ]] || words+=" $part"
        done
    fi
    if [[ -n $files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    fi
}
complete -F _ringside ringside
