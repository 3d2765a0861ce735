using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace GopherFlow.EntityFramework.Tests;

/// <summary>A row of the application's own.</summary>
public sealed class Invoice
{
    public int Id { get; init; }

    public required string Customer { get; init; }

    public required decimal Amount { get; init; }
}

/// <summary>A context over a connection that somebody else has opened, as docs/how-to/own-tables.md has it.</summary>
/// <param name="use">Chooses the database.</param>
/// <param name="connection">The connection.</param>
public sealed class Books(Action<DbContextOptionsBuilder, DbConnection> use, DbConnection connection) : DbContext
{
    public DbSet<Invoice> Invoices => Set<Invoice>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => use(optionsBuilder, connection);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Invoice>().Property(invoice => invoice.Amount).HasPrecision(18, 2);
}
