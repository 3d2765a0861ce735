using System.CommandLine;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary>The argument for a script file, and the option for its name. The default is the name of the file.</summary>
internal sealed class ScriptFile
{
    private readonly Argument<FileInfo> file = new("file") { Description = "An F# script, such as Greeting.fsx." };

    private readonly Option<string?> name = new("--name")
    {
        Description = "The name of the script. Default: the name of the file.",
    };

    /// <summary>Adds the argument and the option to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(file);
        command.Options.Add(name);
    }

    /// <summary>Reads the name and the source.</summary>
    public async Task<(string Name, string Source)> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var given = parsed.GetValue(file)!;
        return (
            parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(given.Name),
            await File.ReadAllTextAsync(given.FullName, cancellation)
        );
    }

    /// <summary>Formats diagnostics in the usual format of compilers.</summary>
    public static string Text(IEnumerable<Diagnostic> diagnostics) =>
        string.Join(
            Environment.NewLine,
            diagnostics.Select(found =>
                $"{found.File}({found.Line},{found.Column}): {found.Severity.ToLowerInvariant()} {found.Code}: {found.Text}"
            )
        );
}
