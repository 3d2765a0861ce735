using System.CommandLine;
using System.Globalization;
using GopherFlow.Client;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow export 17 > run.json</c>: a workflow and its complete history as JSON.</summary>
internal static class ExportCommand
{
    private const int Page = 1000;

    public static Command Of(Connection connection)
    {
        var id = new Argument<string>("workflow") { Description = "The id or external id of the workflow." };
        var command = new Command("export", "Prints a workflow with its complete history as JSON.") { id };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var client = connection.Client(parsed);
                var workflow = await Connection.FindAsync(client, parsed.GetValue(id)!, cancellation);
                var history = await HistoryAsync(client, workflow.Id, cancellation);
                Connection.JsonPrinter().Print(new { workflow, history }, _ => "");
                return 0;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(
        GopherFlowClient client,
        long id,
        CancellationToken cancellation
    )
    {
        var entries = new List<HistoryEntry>();
        string? cursor = null;
        do
        {
            var page = await client.GetHistoryAsync(
                id.ToString(CultureInfo.InvariantCulture),
                "oldest",
                Page,
                cursor,
                cancellation
            );
            entries.AddRange(page.Entries);
            cursor = page.Next;
        } while (cursor is not null);

        return entries;
    }
}
