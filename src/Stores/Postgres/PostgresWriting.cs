using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Creates and step commits: the transaction that the engine lives by. A batch of creates and of steps that stand alone is one round
/// trip; one with families in it locks, plans and writes.
/// </summary>
internal sealed class PostgresWriting(PostgresDatabase database)
{
    private const string Savepoint = "gopherflow_step";
    private const int ExternalIdRaces = 5;

    /// <summary>Writes a batch.</summary>
    public async Task<WriteResult> WriteAsync(WriteBatch write, CancellationToken cancellation)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                await using var connection = await database.Work.OpenConnectionAsync(cancellation);
                return write.Steps.All(PostgresSteps.StandsAlone)
                    ? await WriteSetsAsync(connection, write, cancellation)
                    : await WriteFamiliesAsync(connection, write, cancellation);
            }
            catch (PostgresException taken)
                when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "workflow_external_id" }
                    && race < ExternalIdRaces
                )
            {
                // Another transaction created what a child was to be called; written again, the step is rejected.
            }
        }
    }

    private static async Task<WriteResult> WriteSetsAsync(
        NpgsqlConnection connection,
        WriteBatch write,
        CancellationToken cancellation
    )
    {
        var sorted = write.Steps.OrderBy(step => step.Before.Id).ToList();
        var created = new Dictionary<int, long>();
        var committed = new Dictionary<long, WorkflowChange>();
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (write.Creates.Count > 0)
            {
                batch.AddCreates(write.Creates, write.Now);
            }

            if (sorted.Count > 0)
            {
                batch.AddSteps(sorted, write);
            }

            if (batch.BatchCommands.Count == 0)
            {
                return new WriteResult([], [], []);
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            if (write.Creates.Count > 0)
            {
                created = await reader.ReadCreated(cancellation);
                await reader.NextResultAsync(cancellation);
            }

            if (sorted.Count > 0)
            {
                committed = await reader.ReadCommitted(sorted, write.Now, cancellation);
                await reader.NextResultAsync(cancellation);
            }
        }

        var creates = await PostgresCreating.OutcomesAsync(connection, write.Creates, created, cancellation);
        return new WriteResult(
            creates,
            write.Steps.Column(step => new StepOutcome(
                committed.ContainsKey(step.Before.Id) ? StepVerdict.Committed : StepVerdict.LeaseLost
            )),
            [
                .. ChangesOf(write, creates),
                .. write.Steps.Select(step => committed.GetValueOrDefault(step.Before.Id)).OfType<WorkflowChange>(),
            ]
        );
    }

    private async Task<WriteResult> WriteFamiliesAsync(
        NpgsqlConnection connection,
        WriteBatch write,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var creates = await CreateAsync(connection, write, cancellation);
        var (locked, taken, newIds) = await PostgresFamilies.LockAsync(connection, write.Steps, cancellation);
        var changes = new List<WorkflowChange>(ChangesOf(write, creates));
        var outcomes = new List<StepOutcome>(write.Steps.Count);
        foreach (var stretch in Stretches(write.Steps))
        {
            var plan = new FamilyPlan(locked, taken, newIds.Dequeue, write.ExecutorId, write.Now);
            var planned = stretch.Select(plan.Add).ToList();
            var failure = await WriteAsync(plan, stretch, planned, transaction, write.Now, cancellation);
            if (failure is not null)
            {
                outcomes.Add(new StepOutcome(StepVerdict.Rejected, failure));
                continue;
            }

            outcomes.AddRange(planned);
            changes.AddRange(plan.Changes);
            foreach (var (id, row) in plan.Updates)
            {
                locked[id] = row;
            }

            taken.UnionWith(plan.Children.Select(child => child.Workflow.ExternalId));
        }

        await transaction.CommitAsync(cancellation);
        if (write.Steps.Any(step => step.OnCommit is not null))
        {
            await ForgetSettingsAsync(connection, cancellation);
        }

        return new WriteResult(creates, outcomes, changes);
    }

    private static async Task<CreateOutcome[]> CreateAsync(
        NpgsqlConnection connection,
        WriteBatch write,
        CancellationToken cancellation
    )
    {
        if (write.Creates.Count == 0)
        {
            return [];
        }

        Dictionary<int, long> created;
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.AddCreates(write.Creates, write.Now);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            created = await reader.ReadCreated(cancellation);
        }

        return await PostgresCreating.OutcomesAsync(connection, write.Creates, created, cancellation);
    }

    /// <summary>A step with a callback is a stretch of its own, for it may have to be undone; the others between them are one.</summary>
    private static IEnumerable<IReadOnlyList<StepCommit>> Stretches(IReadOnlyList<StepCommit> steps)
    {
        var stretch = new List<StepCommit>();
        foreach (var step in steps)
        {
            if (step.OnCommit is null)
            {
                stretch.Add(step);
                continue;
            }

            if (stretch.Count > 0)
            {
                yield return stretch;
                stretch = [];
            }

            yield return [step];
        }

        if (stretch.Count > 0)
        {
            yield return stretch;
        }
    }

    /// <summary>Writes a stretch. The callback is the author's: whatever it does is undone together with its step when it throws.</summary>
    /// <returns>What the callback threw, or null.</returns>
    private static async Task<Exception?> WriteAsync(
        FamilyPlan plan,
        IReadOnlyList<StepCommit> stretch,
        List<StepOutcome> planned,
        NpgsqlTransaction transaction,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var connection = transaction.Connection!;
        if (stretch[0].OnCommit is not { } callback || planned[0].Verdict != StepVerdict.Committed)
        {
            await PostgresFamilies.WriteAsync(connection, plan, now, cancellation);
            return null;
        }

        await transaction.SaveAsync(Savepoint, cancellation);
        await PostgresFamilies.WriteAsync(connection, plan, now, cancellation);
        try
        {
            await callback(connection, transaction, cancellation);
        }
        catch (Exception failure) when (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            await transaction.RollbackAsync(Savepoint, cancellation);
            await transaction.ReleaseAsync(Savepoint, cancellation);
            return failure;
        }

        await transaction.ReleaseAsync(Savepoint, cancellation);
        return null;
    }

    /// <summary>What a callback has set for the session must not reach whoever has the connection next.</summary>
    private async Task ForgetSettingsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = database.SessionSettings(connection);
        command.CommandText = $"RESET ALL; {command.CommandText}";
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<WorkflowChange> ChangesOf(WriteBatch write, CreateOutcome[] creates) =>
        creates
            .Zip(write.Creates)
            .Where(member => !member.First.Existed)
            .Select(member => member.Second.ChangeOf(member.First.Id, parentId: null, write.Now));
}
