using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace GopherFlow.Simulation;

/// <summary>A table of the author that OnCommit callbacks write to. Rows appear when their transaction commits.</summary>
internal sealed class SideTable
{
    /// <summary>The committed rows.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>Begins a transaction.</summary>
    public DbTransaction Begin() => new Transaction(this);

    /// <summary>Inserts a row as part of a transaction.</summary>
    public static void Insert(DbTransaction transaction, string row) => ((Transaction)transaction).Pending.Add(row);

    private sealed class Transaction(SideTable table) : DbTransaction
    {
        public List<string> Pending { get; } = [];

        public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

        protected override DbConnection DbConnection { get; } = new Connection();

        public override void Commit() => table.Rows.AddRange(Pending);

        public override void Rollback() => Pending.Clear();
    }

    /// <summary>A stand-in without a database.</summary>
    private sealed class Connection : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Open() => throw new NotSupportedException();

        public override void Close() => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
            throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
