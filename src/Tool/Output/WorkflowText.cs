using System.Globalization;
using System.Text;
using GopherFlow.Client;

namespace GopherFlow.Tool.Output;

/// <summary>Formats workflows and their histories as text.</summary>
internal static class WorkflowText
{
    /// <summary>A list of workflows.</summary>
    public static string List(WorkflowPage page) =>
        page.Workflows.Count == 0
            ? "No workflows."
            : TextTable.Of(
                ["ID", "TYPE", "STATUS", "STATE", "BUSINESS KEY", "MODIFIED"],
                page.Workflows.Select(workflow =>
                    (IReadOnlyList<string>)
                        [
                            workflow.Id.ToString(CultureInfo.InvariantCulture),
                            workflow.WorkflowType,
                            workflow.Status,
                            workflow.State,
                            workflow.BusinessKey,
                            At(workflow.Modified),
                        ]
                )
            );

    /// <summary>The status of a workflow in one line.</summary>
    public static string Standing(Workflow workflow) =>
        $"{workflow.Id}  {workflow.WorkflowType}  {workflow.Status} in {workflow.State}"
        + (workflow.WaitsFor is { } reason ? $", waits for {reason}" : "")
        + (workflow.NextActivation is { } due ? $", due {At(due)}" : "")
        + (workflow.LastError is { } error ? $"\n{error}" : "");

    /// <summary>All details of a workflow: its status, diagram, variables and history.</summary>
    public static string Whole(Workflow workflow, Definition? definition, WorkflowPath path, HistoryPage history)
    {
        var text = new StringBuilder(Standing(workflow)).AppendLine();
        if (definition is not null)
        {
            text.AppendLine().AppendLine(Diagram.Of(definition, path));
        }

        text.AppendLine();
        foreach (var variable in workflow.StateVars.EnumerateObject())
        {
            text.AppendLine($"  {variable.Name} = {Printer.Line(variable.Value)}");
        }

        text.AppendLine();
        foreach (var entry in history.Entries.Reverse())
        {
            text.AppendLine($"  {At(entry.At)}  {Entry(entry)}");
        }

        return text.ToString().TrimEnd();
    }

    private static string Entry(HistoryEntry entry) =>
        $"{entry.Kind} {(entry.From is null || entry.From == entry.To ? entry.To : $"{entry.From} -> {entry.To}")}"
        + (entry.Actor is { } actor ? $" by {actor}" : "")
        + (entry.Text is { Length: > 0 } said ? $": {said}" : "");

    private static string At(DateTimeOffset instant) =>
        instant.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
