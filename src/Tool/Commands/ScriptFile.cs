using System.CommandLine;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary>A script given as a file. Its name is the file's, unless another is given.</summary>
internal sealed class ScriptFile
{
    private readonly Argument<FileInfo> file = new("file") { Description = "An F# script, such as Greeting.fsx." };

    private readonly Option<string?> name = new("--name")
    {
        Description = "The name of the script. Default: the file's.",
    };

    /// <summary>Gives a command the argument and the option.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(file);
        command.Options.Add(name);
    }

    /// <summary>The name and the text.</summary>
    public async Task<(string Name, string Source)> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var given = parsed.GetValue(file)!;
        return (
            parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(given.Name),
            await File.ReadAllTextAsync(given.FullName, cancellation)
        );
    }

    /// <summary>What the compiler says of it, as compilers print it.</summary>
    public static string Text(IEnumerable<Diagnostic> diagnostics) =>
        string.Join(
            Environment.NewLine,
            diagnostics.Select(found =>
                $"{found.File}({found.Line},{found.Column}): {found.Severity.ToLowerInvariant()} {found.Code}: {found.Text}"
            )
        );
}
