using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Tool;

/// <summary>The options that give variables: <c>--vars file.json</c>, and <c>--var name=value</c> any number of times.</summary>
/// <param name="which">Which variables they are, as the rest of a sentence.</param>
internal sealed class GivenVariables(string which = "to start with")
{
    private readonly Option<FileInfo?> file = new("--vars")
    {
        Description = $"A file with the variables {which}, as a JSON object.",
    };

    private readonly Option<string[]> each = new("--var")
    {
        Description = "name=value: one variable. A value that is not JSON is a text.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(file);
        command.Options.Add(each);
    }

    /// <summary>The variables that were given.</summary>
    /// <exception cref="CommandException">The file is no JSON object, or a variable has no name.</exception>
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

    /// <summary>A value as JSON, or as the text that it is.</summary>
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
                ?? throw new CommandException($"--vars names '{file}', which holds no JSON object.");
        }
        catch (JsonException fault)
        {
            throw new CommandException($"--vars names '{file}', which is not JSON: {fault.Message}");
        }
    }
}
