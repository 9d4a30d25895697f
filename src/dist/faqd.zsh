#compdef faqd
# SPDX-License-Identifier: MIT
# zsh completion for faqd(1)

_faqd() {
    local -a every=(
        '(-c --config)'{-c,--config}'[read this configuration]:file:_files'
        '--pack[content to answer from]:name or folder:_files -/'
        '--packs-dir[folder of the packs]:folder:_files -/'
        '--plugins-dir[folder of the plugins]:folder:_files -/'
        '--state-dir[folder of what is remembered]:folder:_files -/'
        '--cache-dir[folder of packs made ready]:folder:_files -/'
        '--log-level[least important records to log]:level:(error warning info debug)'
        '--log-format[how to log]:format:(text json)'
        '(- *)'{-h,--help}'[help]'
    )
    local lang='--lang[language of the answers]:language:(fr en)'
    local json='--json[one JSON object a line]'
    local days='--days[how far back]:days:'
    if ((CURRENT == 2)); then
        local -a commands=(
            'ask:one answer to each question' 'chat:talk here' 'check:test and lint a pack or a configuration'
            'compile:make packs ready' 'explain:why this answer' 'misses:what was asked in vain'
            'plugins:what is loaded, and from where' 'run:run the configured connectors' 'stats:what was counted'
        )
        _describe command commands
        compadd -- --help --version
        return
    fi
    local command=$words[2]
    words=("${(@)words[2,-1]}")
    ((CURRENT--))
    case $command in
        ask) _arguments $every $lang $json '*:question:' ;;
        chat) _arguments $every $lang $json '--plain[for screen readers]' '--color[colours]:when:(auto always never)' ;;
        check) _arguments $every '1:pack:_files -/' ;;
        compile) _arguments $every '--into[folder of the images]:folder:_files -/' '*:pack:_files -/' ;;
        explain) _arguments $every $lang '*:question:' ;;
        stats | misses) _arguments $every $json $days ;;
        plugins) _arguments $every ;;
        run) _arguments $every '--print-config[show the settings and where they come from]' ;;
    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _faqd "$@"
else
    compdef _faqd faqd
fi
