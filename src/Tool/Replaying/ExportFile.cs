using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Testing;

namespace GopherFlow.Tool.Replaying;

/// <summary>Reads the history of a workflow from a file.</summary>
internal static class ExportFile
{
    /// <exception cref="CommandException">The file cannot be read, or is neither what <c>export</c> nor what the test kit writes.</exception>
    public static async Task<RunExport> ReadAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            var export = RunExport.Parse(FormOf(await File.ReadAllTextAsync(file.FullName, cancellation)));
            return export.WorkflowType is null ? throw Fault("it does not say of which type the workflow is") : export;
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
            new($"'{file}' is no exported workflow: {reason} 'gopherflow export' writes one.");
    }

    /// <summary>The command writes what the server has sent: the workflow, and the entries of its history beside it.</summary>
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
