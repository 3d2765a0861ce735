using GopherFlow.EntityFramework.Tests;
using GopherFlow.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.Pomelo.Tests;

/// <summary>Entity Framework 9 with Pomelo's provider within the transaction of a step.</summary>
public sealed class InvoiceTests
{
    [Fact]
    public Task A_step_on_MariaDB_writes_its_row_once() =>
        InvoiceRun.WritesOnceAsync(
            StoreKind.MariaDb,
            static (options, connection) => options.UseMySql(connection, new MariaDbServerVersion("10.11"))
        );
}
