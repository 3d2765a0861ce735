using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Testing;

namespace GopherFlow.Tool.Replaying;

/// <summary>Reads the history of a workflow from a file.</summary>
internal static class ExportFile
{
    /// <exception cref="CommandException">The file cannot be read, or was written neither by <c>export</c> nor by the test kit.</exception>
    public static async Task<RunExport> ReadAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            var export = RunExport.Parse(FormOf(await File.ReadAllTextAsync(file.FullName, cancellation)));
            return export.WorkflowType is null ? throw Fault("it does not contain the type of the workflow") : export;
        }
        catch (JsonException fault)
        {
            throw Fault(fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(fault.Message);
        }

        CommandException Fault(string reason) =>
            new($"'{file}' is not an exported workflow: {reason} Use 'gopherflow export' to write one.");
    }

    /// <summary>
    /// Converts the output of the export command, which has the workflow beside its history, to the form of the test kit.
    /// </summary>
    private static string FormOf(string text) =>
        JsonNode.Parse(text) is JsonObject { } told
        && told["workflow"] is JsonObject workflow
        && told["history"] is JsonArray history
            ? new JsonObject
            {
                ["workflowId"] = workflow["id"]?.DeepClone(),
                ["externalId"] = workflow["externalId"]?.DeepClone(),
                ["businessKey"] = workflow["businessKey"]?.DeepClone(),
                ["workflowType"] = workflow["workflowType"]?.DeepClone(),
                ["version"] = workflow["version"]?.DeepClone(),
                ["entries"] = history.DeepClone(),
                ["output"] = workflow["output"]?.DeepClone(),
            }.ToJsonString()
            : text;
}
