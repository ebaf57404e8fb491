# Made of the program's table of its command line (src-tauri/src/arguments/table.rs); not to be changed by hand.

complete -c ringside -f
complete -c ringside -n '__fish_seen_subcommand_from show' -a 'calls search stats outbox fields settings'
complete -c ringside -n '__fish_seen_subcommand_from pause' -a '30m 2h tomorrow on off'
complete -c ringside -n '__fish_seen_subcommand_from export-diagnostics' -F

set -l language (string match -v '' -- $LC_ALL $LC_MESSAGES $LANG)
if string match -q 'en*' -- "$language[1]"
    complete -c ringside -n __fish_use_subcommand -a dial -d 'open the dial window with this number, or with the selected one; only a person calls'
    complete -c ringside -n __fish_use_subcommand -a show -d 'show the window'
    complete -c ringside -n __fish_use_subcommand -a open-case -d 'open a case, such as 664-245651'
    complete -c ringside -n __fish_use_subcommand -a pause -d 'pause popups; without a length until you resume them'
    complete -c ringside -n __fish_use_subcommand -a status -d 'say how the running program stands'
    complete -c ringside -n __fish_use_subcommand -a export-diagnostics -d 'write state and log for who helps, without personal data; - prints it'
    complete -c ringside -n __fish_use_subcommand -l hidden -d 'start without showing the window (at login)'
    complete -c ringside -n __fish_use_subcommand -s h -l help -d 'show this help'
    complete -c ringside -n __fish_use_subcommand -s V -l version -d 'show the version'
    complete -c ringside -n '__fish_seen_subcommand_from dial' -l selection -d 'the number in the selected text'
    complete -c ringside -n '__fish_seen_subcommand_from status' -l json -d 'the answer on one line, for programs'
    complete -c ringside -n '__fish_seen_subcommand_from export-diagnostics' -l force -d 'write over the file if there is one'
else
    complete -c ringside -n __fish_use_subcommand -a dial -d 'открыть окно набора с этим номером или с выделенным; звонит только человек'
    complete -c ringside -n __fish_use_subcommand -a show -d 'показать окно'
    complete -c ringside -n __fish_use_subcommand -a open-case -d 'открыть обращение, например 664-245651'
    complete -c ringside -n __fish_use_subcommand -a pause -d 'не показывать карточки; без срока — пока не включите'
    complete -c ringside -n __fish_use_subcommand -a status -d 'сказать, как работает запущенная программа'
    complete -c ringside -n __fish_use_subcommand -a export-diagnostics -d 'записать для поддержки состояние и журнал, без личных данных; - значит: на экран'
    complete -c ringside -n __fish_use_subcommand -l hidden -d 'запустить, не показывая окно (для автозапуска)'
    complete -c ringside -n __fish_use_subcommand -s h -l help -d 'показать эту справку'
    complete -c ringside -n __fish_use_subcommand -s V -l version -d 'показать версию'
    complete -c ringside -n '__fish_seen_subcommand_from dial' -l selection -d 'номер из выделенного текста'
    complete -c ringside -n '__fish_seen_subcommand_from status' -l json -d 'ответ одной строкой для программ'
    complete -c ringside -n '__fish_seen_subcommand_from export-diagnostics' -l force -d 'записать поверх файла, если он есть'
end
