using Dapper;
using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("TakeFromStock", "Takes an article from stock in the transaction of the step")]
public sealed partial class TakeFromStock : Workflow
{
    private const string Take = "UPDATE stock SET left = left - @count WHERE article = @article AND left >= @count";

    [Start]
    public NextState Reserve()
    {
        var wanted = new { article = Variables["article"], count = Variables.Get("count", 1) };
        Step.OnCommit(
            async (connection, transaction, stop) =>
            {
                var taken = await connection.ExecuteAsync(
                    new CommandDefinition(Take, wanted, transaction, cancellationToken: stop)
                );
                if (taken == 0)
                {
                    // Nothing is committed, and the engine retries the step according to the retry policy.
                    throw new InvalidOperationException($"Fewer than {wanted.count} of {wanted.article} are left.");
                }
            }
        );
        return To.Reserved;
    }

    [End]
    public const string Reserved = "Reserved";
}

public static class WithDapper
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using var database = await file.OpenAsync(
            """
            CREATE TABLE stock (article TEXT PRIMARY KEY, left INTEGER NOT NULL);
            INSERT INTO stock VALUES ('spade', 3);
            """
        );
        await using var flow = await FlowTest.With(plan =>
            plan.AddWorkflow<TakeFromStock>().UseTransactions(database.BeginTransaction)
        );
        flow.CrashAt("Reserve");

        var first = await flow.StartAsync(new { article = "spade", count = 2 });
        first.AssertState("Reserved");
        var second = await flow.StartAsync(new { article = "spade", count = 2 });
        second.AssertState("Reserve");

        Check.Equal(1, await database.ExecuteScalarAsync<int>("SELECT left FROM stock"));
        output.WriteLine(first);
        output.WriteLine(second.LastError);
    }
}
