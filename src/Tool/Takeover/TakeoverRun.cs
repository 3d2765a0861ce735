using System.Net;
using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>Takes over workflows of the Go system, or does a dry run.</summary>
internal sealed class TakeoverRun(GoDatabase source, GopherFlowClient server, TakeoverOptions options)
{
    /// <summary>
    /// The maximum number of workflows in a request. A request is one transaction and must stay below the server's limit for a body (1
    /// MiB).
    /// </summary>
    private const int MostMembers = 100;

    private const long MostVariables = 200_000;

    private readonly TakeoverTally tally = new();
    private Dictionary<long, GoWorkflow> byId = [];

    /// <summary>Processes all selected workflows.</summary>
    public async Task<TakeoverReport> RunAsync(CancellationToken cancellation)
    {
        var alive = await AliveAsync(cancellation);
        if (alive.Count > 0 && options is { Apply: true, WhileRunning: false })
        {
            throw new CommandException(
                $"The Go system runs: {string.Join(", ", alive)}. Stop it first, or say --while-running."
            );
        }

        var definitions = await server.ListDefinitionsAsync(cancellation);
        var selection = new GoSelection(definitions, options.WithFailed);
        var workflows = await source.WorkflowsAsync(selection, cancellation);
        byId = workflows.ToDictionary(workflow => workflow.Id);
        var families = WithoutDuplicates(workflows);
        foreach (var batch in GoFamily.InBatches(families, MostMembers, MostVariables))
        {
            await TakeOverAsync(batch, cancellation);
        }

        return tally.Report(!options.Apply, await source.CountsAsync(cancellation), alive);
    }

    private async Task<List<string>> AliveAsync(CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            .. (await source.ExecutorsAsync(cancellation))
                .Where(executor => now - executor.LastActive < TakeoverOptions.AliveWithin)
                .Select(executor =>
                    $"executor {executor.Name} was alive {Math.Max(0, (int)(now - executor.LastActive).TotalSeconds)} s ago"
                ),
        ];
    }

    /// <summary>Refuses workflows with the same external id: external ids are unique here, but were not in the Go system.</summary>
    private List<GoFamily> WithoutDuplicates(List<GoWorkflow> workflows)
    {
        var duplicates = workflows
            .GroupBy(workflow => workflow.ExternalId, StringComparer.Ordinal)
            .Where(same => same.Count() > 1)
            .SelectMany(same =>
                same.Select(workflow =>
                    (
                        workflow.Id,
                        Reason: $"externalId: workflows {string.Join(", ", same.Select(duplicate => duplicate.Id))} all have '{same.Key}'."
                    )
                )
            )
            .ToDictionary(duplicate => duplicate.Id, duplicate => duplicate.Reason);
        return [.. GoFamily.Of(workflows).Where(family => !IsRefused(family, duplicates))];
    }

    private async Task TakeOverAsync(List<GoFamily> batch, CancellationToken cancellation)
    {
        var stored = await source.VariablesAsync(
            batch.SelectMany(family => family.Members).Select(member => member.Id),
            cancellation
        );
        var requests = new List<IReadOnlyList<Member>>();
        foreach (var family in batch)
        {
            var faults = new Dictionary<long, string>();
            var members = new List<Member>();
            foreach (var member in family.Members)
            {
                var variables = GoVariables.Read(stored.GetValueOrDefault(member.Id), options.Parsed, out var fault);
                if (fault is not null)
                {
                    faults.Add(member.Id, fault);
                }

                members.Add(new(member, TakeoverRequest.Of(member, ParentOf(member), variables, options)));
            }

            if (!IsRefused(family, faults))
            {
                requests.Add(members);
            }
        }

        if (requests.Count > 0)
        {
            await SendAsync(requests, cancellation);
        }
    }

    /// <summary>Sends several families in one request. If the whole request is refused, each family is sent separately.</summary>
    private async Task SendAsync(IReadOnlyList<IReadOnlyList<Member>> families, CancellationToken cancellation)
    {
        Member[] members = [.. families.SelectMany(family => family)];
        try
        {
            var answer = await server.ImportWorkflowsAsync(
                new ImportWorkflowsRequest
                {
                    DryRun = !options.Apply,
                    Workflows = [.. members.Select(member => member.Request)],
                },
                cancellation
            );
            foreach (var (member, outcome) in members.Zip(answer.Workflows))
            {
                tally.Add(member.Workflow, outcome);
            }
        }
        catch (GopherFlowException fault)
            when (fault.Status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest)
        {
            if (families.Count > 1)
            {
                foreach (var family in families)
                {
                    await SendAsync([family], cancellation);
                }

                return;
            }

            foreach (var member in members)
            {
                tally.Refuse(member.Workflow, ReasonOf(fault));
            }
        }
    }

    private static string ReasonOf(GopherFlowException fault) =>
        fault.Status == HttpStatusCode.BadRequest
            ? fault.Message
            : $"It does not fit into one request with its family. {fault.Message} Increase GFLOW_WEB_MAX_BODY_BYTES of the server.";

    private GoWorkflow? ParentOf(GoWorkflow workflow) =>
        workflow.ParentId is { } id ? byId.GetValueOrDefault(id) : null;

    private bool IsRefused(GoFamily family, Dictionary<long, string> faults)
    {
        if (family.Members.FirstOrDefault(member => faults.ContainsKey(member.Id)) is not { } culprit)
        {
            return false;
        }

        foreach (var member in family.Members)
        {
            tally.Refuse(
                member,
                faults.GetValueOrDefault(member.Id)
                    ?? $"It is in one family with workflow {culprit.Id}, which is refused."
            );
        }

        return true;
    }

    private readonly record struct Member(GoWorkflow Workflow, ImportWorkflowsRequestWorkflows Request);
}
