using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.EntityFramework.Tests;

/// <summary>A step that writes an invoice with Entity Framework to the engine's database.</summary>
public static class InvoiceRun
{
    /// <summary>
    /// The first attempt fails after saving, the second succeeds. There is exactly one invoice, and it was not visible before the step
    /// committed.
    /// </summary>
    public static async Task WritesOnceAsync(StoreKind kind, Action<DbContextOptionsBuilder, DbConnection> use)
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(kind), $"There is no server for {kind}.");
        var attempts = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            flow =>
                flow.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("WriteInvoice")
                        .Retry(RetryPolicy.Linear(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
                        .Start("Write", Write, ["Written"])
                        .End("Written")
                        .Build()
                )
        );
        await using var connection = engine.Connect();
        await using var books = new Books(use, connection);
        await books.Database.ExecuteSqlRawAsync(
            books.Database.GenerateCreateScript(),
            TestContext.Current.CancellationToken
        );

        var id = await engine.CreateAsync("WriteInvoice");
        var failed = await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);
        Assert.Contains("the printer is out of paper", failed.LastError, StringComparison.Ordinal);
        Assert.Empty(await books.Invoices.ToListAsync(TestContext.Current.CancellationToken));
        // Advance only once: the time limit of the callback uses the same clock.
        engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        var invoice = Assert.Single(await books.Invoices.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("test", 12.50m), (invoice.Customer, invoice.Amount));

        NextState Write(StepContext step)
        {
            var attempt = ++attempts;
            step.OnCommit(
                async (shared, transaction, stop) =>
                {
                    await using var written = new Books(use, shared);
                    await written.Database.UseTransactionAsync(transaction, stop);
                    written.Add(new Invoice { Customer = step.BusinessKey, Amount = 12.50m });
                    await written.SaveChangesAsync(stop);
                    if (attempt == 1)
                    {
                        throw new InvalidOperationException("the printer is out of paper");
                    }
                }
            );
            return NextState.GoTo("Written");
        }
    }
}
