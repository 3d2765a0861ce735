using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>The rows of the in-memory store. A transaction holds the lock from its begin to its end, and none of its steps waits.</summary>
internal sealed class InMemoryRows(InMemoryTables tables, Lock gate) : IRowStore
{
    public Task<bool> TryWriteAsync(RowSet rows, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (rows.Running.Concat(rows.Ended).Any(HasMovedOn) || rows.Creates.Exists(IsTaken))
            {
                return Task.FromResult(false);
            }

            foreach (var create in rows.Creates)
            {
                Insert(create);
                rows.MoveToInserted(create);
            }

            tables.Write(rows);
            return Task.FromResult(true);
        }
    }

    public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken cancellation)
    {
        lock (gate)
        {
            var transaction = new Transaction(this, tables);
            try
            {
                var result = work(transaction).GetAwaiter().GetResult();
                transaction.Commit();
                return Task.FromResult(result);
            }
            catch (Exception failure)
            {
                return Task.FromException<T>(failure);
            }
        }
    }

    public bool IsExternalIdTaken(Exception exception) => false;

    public bool IsTransient(Exception exception) => false;

    private bool HasMovedOn(RowChange change) =>
        !tables.Workflows.TryGetValue(change.Before.Id, out var row)
        || row.Lease != change.Before.Lease
        || row.Revision != change.Before.Revision;

    private bool IsTaken(NewRow create) => tables.ExternalIds.ContainsKey(create.Row.ExternalId);

    private void Insert(NewRow created)
    {
        created.Assign(tables.NextId());
        tables.ExternalIds.Add(
            created.Row.ExternalId,
            new TakenExternalId(created.Row.ExternalId, created.Row.Id, created.Token)
        );
    }

    private sealed class Transaction(InMemoryRows rows, InMemoryTables tables) : IRowTransaction
    {
        private IReadOnlyList<NewRow> inserted = [];
        private RowSet? written;

        public Task<IReadOnlyList<WorkflowRecord>> LockAsync(
            IReadOnlyCollection<long> ids,
            bool withVariables,
            CancellationToken cancellation
        )
        {
            var own = ids.Select(tables.Workflows.GetValueOrDefault).OfType<WorkflowRecord>().ToList();
            var parents = own.Select(row => row.ParentWorkflowId).OfType<long>().Select(id => tables.Workflows[id]);
            return Task.FromResult<IReadOnlyList<WorkflowRecord>>([.. own.Union(parents).OrderBy(row => row.Id)]);
        }

        public Task<IReadOnlyList<TakenExternalId>> FindExternalIdsAsync(
            IReadOnlyCollection<string> externalIds,
            CancellationToken cancellation
        ) =>
            Task.FromResult<IReadOnlyList<TakenExternalId>>([
                .. externalIds
                    .Where(tables.ExternalIds.ContainsKey)
                    .Select(externalId => tables.ExternalIds[externalId]),
            ]);

        public Task InsertAsync(IReadOnlyList<NewRow> created, CancellationToken cancellation)
        {
            inserted = created;
            foreach (var row in created)
            {
                rows.Insert(row);
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(RowSet set, CancellationToken cancellation)
        {
            written = set;
            return Task.CompletedTask;
        }

        public Task RunAsync(CommitCallback callback, CancellationToken cancellation)
        {
            foreach (var row in inserted)
            {
                tables.ExternalIds.Remove(row.Row.ExternalId);
            }

            throw new NotSupportedException("The in-memory store has no connection to give to an OnCommit callback.");
        }

        public void Commit()
        {
            if (written is not null)
            {
                tables.Write(written);
            }
        }
    }
}
