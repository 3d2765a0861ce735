using System.CommandLine;

namespace GopherFlow.Tool.Commands;

/// <summary><c>source &lt;(gopherflow completions bash)</c>.</summary>
internal static class CompletionsCommand
{
    private const string Bash = """
        _gopherflow() {
            local IFS=$'\n'
            COMPREPLY=($(gopherflow "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _gopherflow gopherflow
        """;

    private const string Zsh = """
        _gopherflow() {
            local suggestions=("${(@f)$(gopherflow "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- $suggestions
        }
        compdef _gopherflow gopherflow
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName gopherflow -ScriptBlock {
            param($word, $line, $position)
            gopherflow "[suggest:$position]" "$line" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Of()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completions", "Prints a script that lets a shell complete this command.") { shell };
        command.SetAction(parsed =>
            Console.WriteLine(
                parsed.GetValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => PowerShell,
                }
            )
        );
        return command;
    }
}
