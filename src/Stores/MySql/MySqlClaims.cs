using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Claims, hand-backs and takeovers. A claim walks the places where something may be parked (a group and a priority), first
/// priority first, so that a crowd at one never hides what is due at another; rows that another claim holds are passed over.
/// </summary>
internal sealed class MySqlClaims(MySqlSession session)
{
    private const string FirstParked = """
        SELECT place.number,
               (SELECT w.next_activation
                  FROM workflow AS w FORCE INDEX (workflow_due)
                 WHERE w.executor_group = CAST(place.executor_group AS BINARY)
                   AND w.due_priority = place.priority
              ORDER BY w.next_activation
                 LIMIT 1) AS first
          FROM JSON_TABLE(@places, '$[*]' COLUMNS (
                   number         FOR ORDINALITY,
                   executor_group LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   priority       INT                            PATH '$[1]')) AS place
        HAVING first IS NOT NULL
        """;

    private const string NextParked = """
        SELECT place.number,
               (SELECT w.next_activation
                  FROM workflow AS w FORCE INDEX (workflow_due)
                 WHERE w.executor_group = CAST(place.executor_group AS BINARY)
                   AND w.due_priority = place.priority
                   AND w.next_activation > @now
              ORDER BY w.next_activation
                 LIMIT 1) AS first
          FROM JSON_TABLE(@places, '$[*]' COLUMNS (
                   number         FOR ORDINALITY,
                   executor_group LONGTEXT CHARACTER SET utf8mb4 PATH '$[0]',
                   priority       INT                            PATH '$[1]')) AS place
        HAVING first IS NOT NULL
        """;

    /// <summary>
    /// What is known is looked up, not joined, so that the rows are read, and locked, in the order of the index; and in a text, for
    /// JSON_TABLE would read all of an array again for every row.
    /// </summary>
    private const string Due = """
           SELECT w.next_activation, w.id
             FROM workflow AS w FORCE INDEX (workflow_due)
            WHERE w.executor_group = CAST(@group AS BINARY)
              AND w.due_priority = @priority
              AND w.next_activation <= @now
              AND INSTR(CAST(@known AS BINARY), CONCAT(',', HEX(w.workflow_type), ':', HEX(w.version), ',')) > 0
         ORDER BY w.next_activation, w.id
            LIMIT @limit
              FOR UPDATE SKIP LOCKED
        """;

    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow
         WHERE status = 'EXECUTING'
           AND executor_id = @executor
        """;

    private const string EndDeadExecutors = $"""
        UPDATE executors
           SET ended = {MySqlSessions.Now}
         WHERE ended IS NULL
           AND lease_until < {MySqlSessions.Now}
        """;

    private const string NextExpiry = $"""
        SELECT min(lease_until), {MySqlSessions.Now}
          FROM executors
         WHERE ended IS NULL
        """;

    private const string Orphans = """
        SELECT w.id, w.lease
          FROM workflow AS w
         WHERE w.status = 'EXECUTING'
           AND NOT EXISTS (SELECT 1
                             FROM executors AS e
                            WHERE e.id = w.executor_id
                              AND e.ended IS NULL)
         LIMIT @limit
        """;

    /// <summary>Takes due workflows.</summary>
    public ClaimResult Claim(ClaimRequest request)
    {
        var places = PlacesOf(request.ExecutorGroups);
        var first = Activations(FirstParked, places, request.Now);
        var claimed = DueAt(places, first, request);
        var draft = new MySqlDraft(session, request.Now);
        draft.Lock(claimed);
        var variables = session.VariablesOf(claimed);
        var taken = new List<WorkflowRecord>(claimed.Count);
        foreach (var id in claimed)
        {
            var before = draft.Find(id)!;
            var after = before.Record with
            {
                ExecutorId = request.ExecutorId,
                Lease = before.Record.Lease + 1,
                Status = WorkflowStatus.Executing,
                NextActivation = null,
                Modified = request.Now,
                StateVars = variables.GetValueOrDefault(id, Variables.EmptyJson),
            };
            draft.Replace(before, after, before.Woken);
            taken.Add(after);
        }

        draft.Finish();
        return new ClaimResult(taken, draft.Changes, NextDue(places, first, taken.Count, request));
    }

    /// <summary>Gives claims back.</summary>
    public IReadOnlyList<WorkflowChange> Release(ReleaseRequest request)
    {
        var draft = new MySqlDraft(session, request.Now);
        draft.Lock(request.Claims.Select(claim => claim.WorkflowId));
        foreach (var claim in request.Claims)
        {
            if (draft.Find(claim.WorkflowId) is { } held && Holds(held, claim, request.ExecutorId))
            {
                GiveBack(draft, held);
            }
        }

        draft.Finish();
        return draft.Changes;
    }

    /// <summary>The claims of an executor.</summary>
    public static IReadOnlyList<ClaimKey> Owned(MySqlSession session, long executorId) =>
        session.Query(OwnedBy, row => new ClaimKey(row.Number(), row.Number()), ("@executor", executorId));

    /// <summary>Takes workflows from dead executors.</summary>
    public RepairResult Repair(RepairRequest request, DateTimeOffset? clock)
    {
        session.Run(EndDeadExecutors, ("@now", clock));
        var (nextExpiry, now) = session.Query(
            NextExpiry,
            row => (row.OptionalInstant(), row.Instant()),
            ("@now", clock)
        )[0];
        var orphans = session.Query(
            Orphans,
            row => new ClaimKey(row.Number(), row.Number()),
            ("@limit", request.Limit)
        );
        var draft = new MySqlDraft(session, now);
        draft.Lock(orphans.Select(orphan => orphan.WorkflowId));
        foreach (var orphan in orphans)
        {
            // What its owner has committed or another has taken meanwhile is no orphan any more, or soon found again.
            if (draft.Find(orphan.WorkflowId) is { Record.ExecutorId: { } owner } held && Holds(held, orphan, owner))
            {
                GiveBack(draft, held);
                draft.Log(
                    held.Record,
                    request.ExecutorId,
                    new NewAction(ActionTypes.Repaired, held.Record.State, ActionTexts.Repaired(owner))
                );
            }
        }

        draft.Finish();
        return new RepairResult(draft.Changes, nextExpiry, now);
    }

    private static bool Holds(MySqlWorkflow workflow, ClaimKey claim, long owner) =>
        workflow.Record.Lease == claim.Lease && workflow.Record.ExecutorId == owner;

    private static void GiveBack(MySqlDraft draft, MySqlWorkflow held) =>
        draft.Replace(
            held,
            held.Record with
            {
                ExecutorId = null,
                Lease = held.Record.Lease + 1,
                Status = WorkflowStatus.InProgress,
                NextActivation = draft.Now,
                Modified = draft.Now,
            },
            held.Woken
        );

    private static List<Place> PlacesOf(IReadOnlyList<string> groups) =>
        [
            .. Enumerable
                .Range(WorkflowPriority.First, WorkflowPriority.Last)
                .SelectMany(priority => groups.Distinct().Select(group => new Place(priority, group))),
        ];

    private List<(Place Place, DateTimeOffset First)> Activations(string sql, List<Place> places, DateTimeOffset now) =>
        session.Query(
            sql,
            row => (places[row.SmallNumber() - 1], row.Instant()),
            ("@places", MySqlArray.Of(places, place => [place.Group, place.Priority])),
            ("@now", now)
        );

    /// <summary>The ids of what is due, locked; groups of one priority are equals.</summary>
    private List<long> DueAt(List<Place> places, List<(Place Place, DateTimeOffset First)> first, ClaimRequest request)
    {
        var known = string.Concat(request.Definitions.Select(Digits));
        var claimed = new List<long>();
        var due = first.Where(parked => parked.First <= request.Now).Select(parked => parked.Place).ToHashSet();
        foreach (var equals in places.Where(due.Contains).GroupBy(place => place.Priority))
        {
            var wanted = request.Limit - claimed.Count;
            if (wanted <= 0)
            {
                break;
            }

            claimed.AddRange(
                equals
                    .SelectMany(place => DueAt(place, known, wanted, request.Now))
                    .OrderBy(found => found.Activation)
                    .ThenBy(found => found.Id)
                    .Take(wanted)
                    .Select(found => found.Id)
            );
        }

        return claimed;
    }

    private List<(DateTimeOffset Activation, long Id)> DueAt(
        Place place,
        string known,
        int limit,
        DateTimeOffset now
    ) =>
        session.Query(
            Due,
            row => (row.Instant(), row.Number()),
            ("@group", place.Group),
            ("@priority", place.Priority),
            ("@now", now),
            ("@known", known),
            ("@limit", limit)
        );

    /// <summary>Such as ",4F72646572:7631,", which no other name and version have, nor two of them together.</summary>
    private static string Digits(DefinitionKey known) => $",{Digits(known.Name)}:{Digits(known.Version)},";

    private static string Digits(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private DateTimeOffset? NextDue(
        List<Place> places,
        List<(Place Place, DateTimeOffset First)> first,
        int taken,
        ClaimRequest request
    )
    {
        if (taken == request.Limit)
        {
            return null;
        }

        var later = first.Exists(parked => parked.First <= request.Now)
            ? Activations(NextParked, places, request.Now)
            : first;
        return later.Count == 0 ? null : later.Min(parked => parked.First);
    }

    /// <summary>Where workflows may be parked.</summary>
    private readonly record struct Place(int Priority, string Group);
}
