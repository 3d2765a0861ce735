using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Claims due workflows. A place is a section of the index of due work: a definition, a group and a priority. Only places
/// of definitions and groups that this executor can run are read.
/// </summary>
internal sealed class SqliteClaims(SqliteReader statements, SqliteChangeLog changes)
{
    /// <summary>The next priority at which a definition and a group have parked workflows, and when the first of these is due.</summary>
    internal const string NextPlace = """
          SELECT priority, next_activation
            FROM workflow_run INDEXED BY workflow_run_due
           WHERE workflow_type = ?1
             AND version = ?2
             AND executor_group = ?3
             AND priority > ?4
             AND next_activation IS NOT NULL
             AND permit <> 1
        ORDER BY priority, next_activation
           LIMIT 1
        """;

    internal static readonly string Due = $"""
            SELECT {SqlColumns.Unfinished}, {SqlColumns.Variables}
              FROM workflow_run AS r INDEXED BY workflow_run_due
        CROSS JOIN workflow AS w ON w.id = r.id
        {SqlColumns.JoinVariables(SqliteSessions.Dialect)}
             WHERE r.workflow_type = ?1
               AND r.version = ?2
               AND r.executor_group = ?3
               AND r.priority = ?4
               AND r.next_activation <= ?5
               AND r.permit <> 1
          ORDER BY r.next_activation, r.id
             LIMIT ?6
        """;

    internal const string NextDue = """
        SELECT min(next_activation)
          FROM workflow_run INDEXED BY workflow_run_due
         WHERE workflow_type = ?1
           AND version = ?2
           AND executor_group = ?3
           AND priority = ?4
           AND next_activation > ?5
           AND permit <> 1
        """;

    /// <summary>Claims due workflows.</summary>
    public ClaimResult Claim(ClaimRequest request)
    {
        var places = FindPlaces(request);
        var plan = new ClaimPlan(request);
        plan.Take(FindDue([.. places.Where(place => place.First <= request.Now)], request));
        return new SqliteRowWriter(statements, changes).TryWrite(plan.Rows)
            ? plan.Result(plan.Missing == 0 ? null : FindNextDue(places, request.Now))
            : throw new InvalidOperationException("A row that this claim has locked has changed.");
    }

    /// <summary>The places with parked workflows that this executor can run, by priority.</summary>
    private List<Place> FindPlaces(ClaimRequest request)
    {
        var found = new List<Place>();
        foreach (var definition in request.Definitions.Distinct())
        {
            foreach (var group in request.ExecutorGroups.Distinct())
            {
                for (var place = PlaceAfter(definition, group, 0); place is { } next; )
                {
                    found.Add(next);
                    place = PlaceAfter(definition, group, next.Priority);
                }
            }
        }

        found.Sort((one, other) => (one.Priority, one.First).CompareTo((other.Priority, other.First)));
        return found;
    }

    private Place? PlaceAfter(DefinitionKey definition, string group, int priority)
    {
        var row = statements
            .Statement(NextPlace)
            .With(definition.Name)
            .With(definition.Version)
            .With(group)
            .With(priority);
        Place? found = row.Read() ? new Place(definition, group, row.SmallNumber(), row.Instant()) : null;
        row.End();
        return found;
    }

    /// <summary>The first due workflows by rank. Stops reading when later places cannot contain earlier workflows.</summary>
    private List<WorkflowRecord> FindDue(List<Place> places, ClaimRequest request)
    {
        var due = new List<WorkflowRecord>();
        DateTimeOffset? last = null;
        foreach (var place in places.OrderBy(place => request.RankOf(place.Priority, place.First)))
        {
            var until =
                last - (place.Priority * request.PriorityStep) < request.Now
                    ? last!.Value - (place.Priority * request.PriorityStep)
                    : request.Now;
            if (place.First > until)
            {
                break;
            }

            due.AddRange(At(place, Due).With(until).With(request.Limit).ReadAll(StoredRows.Workflow));
            if (places.Count > 1)
            {
                due.Sort((one, other) => (RankOf(one), one.Id).CompareTo((RankOf(other), other.Id)));
            }

            if (due.Count >= request.Limit)
            {
                due.RemoveRange(request.Limit, due.Count - request.Limit);
                last = RankOf(due[^1]);
            }
        }

        return due;

        DateTimeOffset RankOf(WorkflowRecord row) => request.RankOf(row.Priority, row.NextActivation!.Value);
    }

    /// <summary>When the next workflow is due, after all due ones have been claimed.</summary>
    private DateTimeOffset? FindNextDue(List<Place> places, DateTimeOffset now)
    {
        DateTimeOffset? earliest = null;
        foreach (var place in places)
        {
            var next = place.First > now ? place.First : At(place, NextDue).With(now).ReadInstant();
            earliest = earliest is null || next < earliest ? next ?? earliest : earliest;
        }

        return earliest;
    }

    private SqliteStatement At(Place place, string sql) =>
        statements
            .Statement(sql)
            .With(place.Definition.Name)
            .With(place.Definition.Version)
            .With(place.Group)
            .With(place.Priority);

    /// <summary>A place with parked workflows, and when the first of them is due.</summary>
    private readonly record struct Place(DefinitionKey Definition, string Group, int Priority, DateTimeOffset First);
}
