using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Claims, hand-backs and takeovers. A claim reads the due rows and updates each within one immediate transaction, which on
/// SQLite is what a single UPDATE ... RETURNING would be, and tells the former status, which the counts need.
/// </summary>
internal sealed class SqliteClaims(SqliteReader statements)
{
    /// <summary>The next priority at which a group has something parked, so that parked rows of one do not hide those of the next.</summary>
    private const string NextPriority = """
        SELECT min(priority)
          FROM workflow INDEXED BY workflow_due
         WHERE executor_group = ?1
           AND priority > ?2
           AND next_activation IS NOT NULL
        """;

    private const string Due = $"""
           SELECT {SqliteRows.WorkflowColumns}
             FROM workflow AS w INDEXED BY workflow_due
        LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id
            WHERE w.executor_group = ?1
              AND w.priority = ?2
              AND w.next_activation <= ?3
              AND (w.workflow_type, w.version) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?4))
         ORDER BY w.next_activation, w.id
            LIMIT ?5
        """;

    private const string NextDue = """
        SELECT min(next_activation)
          FROM workflow INDEXED BY workflow_due
         WHERE executor_group = ?1
           AND priority = ?2
           AND next_activation > ?3
        """;

    private const string Take = """
        UPDATE workflow
           SET executor_id     = ?2,
               lease           = lease + 1,
               status          = 'EXECUTING',
               next_activation = NULL,
               modified        = ?3
         WHERE id = ?1
        """;

    private const string GiveBack = $"""
           UPDATE workflow
              SET executor_id     = NULL,
                  lease           = lease + 1,
                  status          = 'IN_PROGRESS',
                  next_activation = ?4,
                  modified        = ?4
            WHERE id = ?1
              AND lease = ?2
              AND executor_id = ?3
        RETURNING {SqliteRows.ChangeColumns}
        """;

    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow INDEXED BY workflow_owned
         WHERE executor_id = ?1
        """;

    private const string EndDeadExecutors = """
        UPDATE executors
           SET ended = ?1
         WHERE ended IS NULL
           AND lease_until < ?1
        """;

    private const string NextExpiryOf = """
        SELECT min(lease_until)
          FROM executors INDEXED BY executors_alive
         WHERE ended IS NULL
        """;

    private const string Orphans = """
          SELECT id, lease, executor_id
            FROM workflow INDEXED BY workflow_owned
           WHERE executor_id IS NOT NULL
             AND executor_id NOT IN (SELECT id FROM executors WHERE ended IS NULL)
        ORDER BY id
           LIMIT ?1
        """;

    /// <summary>Takes due workflows.</summary>
    public ClaimResult Claim(ClaimRequest request)
    {
        var known = JsonSerializer.Serialize(request.Definitions.Select(key => new[] { key.Name, key.Version }));
        var claimed = new List<WorkflowRecord>();
        DateTimeOffset? nextDue = null;
        foreach (var places in ParkedAt(request.ExecutorGroups))
        {
            var wanted = request.Limit - claimed.Count;
            if (wanted == 0)
            {
                break;
            }

            var due = new List<WorkflowRecord>();
            foreach (var (priority, group) in places)
            {
                due.AddRange(
                    statements
                        .Statement(Due)
                        .Bind(group)
                        .Bind(priority)
                        .Bind(request.Now)
                        .Bind(known)
                        .Bind(wanted)
                        .ReadAll(StoredRows.Workflow)
                );
                nextDue = Earlier(nextDue, DueAfter(group, priority, request.Now));
            }

            claimed.AddRange(
                due.OrderBy(workflow => workflow.NextActivation).ThenBy(workflow => workflow.Id).Take(wanted)
            );
        }

        var counts = new CountDeltas();
        var taken = claimed.ConvertAll(workflow => TakeOne(workflow, request, counts));
        statements.Apply(counts);
        return new ClaimResult(
            taken,
            taken.ConvertAll(workflow => WorkflowChange.To(workflow, workflow.State)),
            taken.Count == request.Limit ? null : nextDue
        );
    }

    /// <summary>Gives claims back.</summary>
    public IReadOnlyList<WorkflowChange> Release(ReleaseRequest request)
    {
        var counts = new CountDeltas();
        var changes = new List<WorkflowChange>();
        foreach (var claim in request.Claims)
        {
            ReleaseOne(claim, request.ExecutorId, request.Now, counts, changes);
        }

        statements.Apply(counts);
        return changes;
    }

    /// <summary>The claims of an executor.</summary>
    public static IReadOnlyList<ClaimKey> Owned(SqliteReader reader, long executorId) =>
        reader.Statement(OwnedBy).Bind(executorId).ReadAll(row => new ClaimKey(row.Number(), row.Number()));

    /// <summary>Takes workflows from dead executors.</summary>
    public RepairResult Repair(RepairRequest request, DateTimeOffset now)
    {
        statements.Statement(EndDeadExecutors).Bind(now).Run();
        var orphans = statements
            .Statement(Orphans)
            .Bind(request.Limit)
            .ReadAll(row => (Claim: new ClaimKey(row.Number(), row.Number()), Owner: row.Number()));
        var counts = new CountDeltas();
        var changes = new List<WorkflowChange>();
        foreach (var (claim, owner) in orphans)
        {
            ReleaseOne(claim, owner, now, counts, changes);
            statements.Log(
                claim.WorkflowId,
                request.ExecutorId,
                new NewAction(ActionTypes.Repaired, changes[^1].State, ActionTexts.Repaired(owner)),
                now
            );
        }

        statements.Apply(counts);
        return new RepairResult(changes, NextExpiry(), now);
    }

    private DateTimeOffset? NextExpiry()
    {
        var next = statements.Statement(NextExpiryOf);
        next.Read();
        var found = next.OptionalInstant();
        next.End();
        return found;
    }

    /// <summary>Where something is parked, by priority; groups of one priority are equals.</summary>
    private IEnumerable<IGrouping<int, (int Priority, string Group)>> ParkedAt(IReadOnlyList<string> groups)
    {
        var found = new List<(int Priority, string Group)>();
        foreach (var group in groups.Distinct())
        {
            for (var priority = PriorityAfter(group, 0); priority is { } next; priority = PriorityAfter(group, next))
            {
                found.Add((next, group));
            }
        }

        return found.GroupBy(place => place.Priority).OrderBy(places => places.Key);
    }

    private int? PriorityAfter(string group, int priority)
    {
        var next = statements.Statement(NextPriority).Bind(group).Bind(priority);
        next.Read();
        var found = (int?)next.OptionalNumber();
        next.End();
        return found;
    }

    private DateTimeOffset? DueAfter(string group, int priority, DateTimeOffset now)
    {
        var next = statements.Statement(NextDue).Bind(group).Bind(priority).Bind(now);
        next.Read();
        var found = next.OptionalInstant();
        next.End();
        return found;
    }

    private WorkflowRecord TakeOne(WorkflowRecord workflow, ClaimRequest request, CountDeltas counts)
    {
        statements.Statement(Take).Bind(workflow.Id).Bind(request.ExecutorId).Bind(request.Now).Run();
        counts.Move(
            workflow.WorkflowType,
            workflow.Version,
            (workflow.State, workflow.Status),
            (workflow.State, WorkflowStatus.Executing)
        );
        return workflow with
        {
            ExecutorId = request.ExecutorId,
            Lease = workflow.Lease + 1,
            Status = WorkflowStatus.Executing,
            NextActivation = null,
            Modified = request.Now,
        };
    }

    private void ReleaseOne(
        ClaimKey claim,
        long owner,
        DateTimeOffset now,
        CountDeltas counts,
        List<WorkflowChange> changes
    )
    {
        var update = statements.Statement(GiveBack).Bind(claim.WorkflowId).Bind(claim.Lease).Bind(owner).Bind(now);
        while (update.Read())
        {
            var change = StoredRows.ChangeInPlace(update);
            counts.Move(
                change.WorkflowType,
                change.Version,
                (change.State, WorkflowStatus.Executing),
                (change.State, change.Status)
            );
            changes.Add(change);
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;
}
