using System.Data.Common;
using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.Questions;

public sealed class Invoice
{
    public int Id { get; init; }

    public required string Customer { get; init; }

    public required decimal Amount { get; init; }
}

/// <summary>A context that uses an open connection. The caller opens and closes the connection.</summary>
public sealed class Books(DbConnection connection) : DbContext
{
    public DbSet<Invoice> Invoices => Set<Invoice>();

    // UseNpgsql(connection) on PostgreSQL, UseMySql(connection, version) on MariaDB.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.UseSqlite(connection);
}

[Workflow("WriteInvoice", "Writes an invoice with Entity Framework in the transaction of the step")]
public sealed partial class WriteInvoice : Workflow
{
    [Start]
    public NextState Write()
    {
        var invoice = new Invoice { Customer = Step.BusinessKey, Amount = Variables.Get<decimal>("amount") };
        Step.OnCommit((connection, transaction, stop) => SaveAsync(connection, transaction, invoice, stop));
        return To.Written;
    }

    [End]
    public const string Written = "Written";

    private static async Task SaveAsync(
        DbConnection connection,
        DbTransaction transaction,
        Invoice invoice,
        CancellationToken stop
    )
    {
        // Create a new context each time, because the callback runs again if its transaction is rolled back.
        await using var books = new Books(connection);
        await books.Database.UseTransactionAsync(transaction, stop);
        books.Add(new Invoice { Customer = invoice.Customer, Amount = invoice.Amount });
        await books.SaveChangesAsync(stop);
    }
}

public static class WithEntityFramework
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using var database = await file.OpenAsync("PRAGMA foreign_keys = ON");
        await using var books = new Books(database);
        await books.Database.EnsureCreatedAsync();
        await using var flow = await FlowTest.With(plan =>
            plan.AddWorkflow<WriteInvoice>().UseTransactions(database.BeginTransaction)
        );
        flow.CrashAt("Write");

        var run = await flow.StartAsync(new { amount = 12.50m }, businessKey: "ada");

        run.AssertState("Written");
        Check.Equal(12.50m, (await books.Invoices.SingleAsync()).Amount);
        output.WriteLine(run);
    }
}
