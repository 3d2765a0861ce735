using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.EntityFramework.Tests;

/// <summary>A row in the application's own table.</summary>
public sealed class Invoice
{
    public int Id { get; init; }

    public required string Customer { get; init; }

    public required decimal Amount { get; init; }
}

/// <summary>A context over an existing open connection, as in docs/how-to/own-tables.md.</summary>
/// <param name="use">Selects the database provider.</param>
/// <param name="connection">The connection.</param>
public sealed class Books(Action<DbContextOptionsBuilder, DbConnection> use, DbConnection connection) : DbContext
{
    public DbSet<Invoice> Invoices => Set<Invoice>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => use(optionsBuilder, connection);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Invoice>().Property(invoice => invoice.Amount).HasPrecision(18, 2);
}
