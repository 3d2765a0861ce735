using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Inserts workflows, on their own or as children of a step.</summary>
internal static class SqliteCreating
{
    private const string InsertWorkflow = """
        INSERT INTO workflow
               (external_id, workflow_type, version, business_key, executor_group, priority, status, state,
                lease, executor_id, created, modified, next_activation, parent_workflow_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)
            ON CONFLICT (external_id) DO NOTHING
        """;

    private const string FindId = """
        SELECT id
          FROM workflow
         WHERE external_id = ?1
        """;

    /// <summary>The id of the workflow that has an external id, or null.</summary>
    public static long? IdOf(this SqliteReader statements, string externalId)
    {
        var find = statements.Statement(FindId).Bind(externalId);
        long? id = find.Read() ? find.Number() : null;
        find.End();
        return id;
    }

    /// <summary>Inserts a workflow with its variables and its first history entry, unless the external id is in use.</summary>
    /// <returns>What is new, or null when the external id is in use.</returns>
    public static WorkflowChange? Insert(
        this SqliteReader statements,
        NewWorkflow workflow,
        long? parentId,
        DateTimeOffset now,
        CountDeltas counts
    )
    {
        var claimed = workflow.ClaimedBy is not null;
        var status = claimed ? WorkflowStatus.Executing : WorkflowStatus.New;
        DateTimeOffset? nextActivation = claimed ? null : workflow.NextActivation;
        var inserted = statements
            .Statement(InsertWorkflow)
            .Bind(workflow.ExternalId)
            .Bind(workflow.WorkflowType)
            .Bind(workflow.Version)
            .Bind(workflow.BusinessKey)
            .Bind(workflow.ExecutorGroup)
            .Bind(workflow.Priority)
            .Bind(status.ToName())
            .Bind(workflow.State)
            .Bind(claimed ? 1L : 0L)
            .Bind(workflow.ClaimedBy)
            .Bind(now)
            .Bind(nextActivation)
            .Bind(parentId)
            .Run();
        if (inserted == 0)
        {
            return null;
        }

        var id = statements.LastInsertedId;
        if (workflow.StateVars != Variables.EmptyJson)
        {
            statements.SetVariables(id, workflow.StateVars);
        }

        statements.Log(
            id,
            executorId: null,
            executionCount: 0,
            retryCount: 0,
            new NewAction(ActionTypes.Created, workflow.State, workflow.CreatedText),
            now
        );
        counts.Add(workflow.WorkflowType, workflow.Version, workflow.State, status);
        return new WorkflowChange(
            id,
            workflow.WorkflowType,
            workflow.Version,
            workflow.ExecutorGroup,
            status,
            workflow.State,
            PreviousState: null,
            parentId,
            Lease: claimed ? 1 : 0,
            nextActivation,
            now
        );
    }
}
