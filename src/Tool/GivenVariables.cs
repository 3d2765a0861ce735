using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Tool;

/// <summary>The options for variables: <c>--vars file.json</c>, and <c>--var name=value</c> any number of times.</summary>
/// <param name="which">Describes the variables, to complete the sentence of the help text.</param>
internal sealed class GivenVariables(string which = "to start with")
{
    private readonly Option<FileInfo?> file = new("--vars")
    {
        Description = $"A file with the variables {which}, as a JSON object.",
    };

    private readonly Option<string[]> each = new("--var")
    {
        Description = "name=value: one variable. A value that is not JSON is taken as text.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(file);
        command.Options.Add(each);
    }

    /// <summary>Reads the variables from the options.</summary>
    /// <exception cref="CommandException">The file does not contain a JSON object, or a variable has no name.</exception>
    public JsonElement Read(ParseResult parsed)
    {
        var variables = parsed.GetValue(file) is { } given ? ObjectOf(given) : [];
        foreach (var text in parsed.GetValue(each)!)
        {
            var separator = text.IndexOf('=', StringComparison.Ordinal);
            if (separator < 1)
            {
                throw new CommandException($"--var is '{text}'; expected name=value.");
            }

            variables[text[..separator]] = ValueOf(text[(separator + 1)..]);
        }

        return JsonSerializer.SerializeToElement(variables);
    }

    /// <summary>Parses a value as JSON; a text that is not JSON becomes a string.</summary>
    public static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static JsonObject ObjectOf(FileInfo file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file.FullName)) as JsonObject
                ?? throw new CommandException($"--vars is '{file}', which does not contain a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new CommandException($"--vars is '{file}', which is not JSON: {fault.Message}");
        }
    }
}
