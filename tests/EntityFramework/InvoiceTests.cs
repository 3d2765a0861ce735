using GopherFlow.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.EntityFramework.Tests;

/// <summary>Entity Framework 10 within the transaction of a step.</summary>
public sealed class InvoiceTests
{
    [Fact]
    public Task A_step_on_SQLite_writes_its_row_once() =>
        InvoiceRun.WritesOnceAsync(StoreKind.Sqlite, static (options, connection) => options.UseSqlite(connection));

    [Fact]
    public Task A_step_on_PostgreSQL_writes_its_row_once() =>
        InvoiceRun.WritesOnceAsync(StoreKind.Postgres, static (options, connection) => options.UseNpgsql(connection));
}
