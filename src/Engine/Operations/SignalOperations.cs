using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Sends signals to workflows. Thread-safe; one instance per process.</summary>
public sealed class SignalOperations
{
    /// <summary>The maximum number of unfinished workflows to which one signal can be sent by business key.</summary>
    private const int MostWorkflows = 1_000;

    private static readonly WorkflowStatus[] Unfinished =
    [
        .. Enum.GetValues<WorkflowStatus>().Where(static status => !status.IsFinal()),
    ];

    private readonly IWorkflowStore store;
    private readonly WorkflowOperations workflows;
    private readonly EventWriter events;
    private readonly int keptLimit;
    private readonly VariablesLimit payloadLimit;

    internal SignalOperations(
        IWorkflowStore store,
        Executor executor,
        WorkflowOperations workflows,
        TimeProvider clock,
        int keptLimit
    )
    {
        this.store = store;
        this.workflows = workflows;
        events = new EventWriter(store, executor, clock);
        this.keptLimit = keptLimit;
        payloadLimit = executor.VariablesLimit;
    }

    /// <summary>
    /// Sends a signal. A workflow that waits for it continues. If a workflow does not wait for it yet, the signal is kept. With
    /// <see cref="SendSignal.OrCreate"/>, a workflow is created first if there is none to receive the signal.
    /// </summary>
    /// <returns>The workflows that have received it. A signal whose key a workflow has already received changes nothing there.</returns>
    /// <exception cref="RejectedRequestException">A field is invalid. Nothing is stored.</exception>
    public async Task<SignalResult> SendAsync(SendSignal request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestFaults.Reject([.. FaultsOf(request)]);
        var found = await ReceiversAsync(request, cancellation);
        RequestFaults.Reject([.. PayloadFaults(request, found.Select(receiver => receiver.Definition))]);
        long[] receivers = [.. found.Select(receiver => receiver.Id)];
        if (receivers.Length == 0 && request.OrCreate is { } create)
        {
            RequestFaults.Reject([.. PayloadFaults(request, [workflows.Catalogue.NewestHere(create.WorkflowType)])]);
            receivers = [await CreateAsync(create, cancellation)];
        }

        if (receivers.Length == 0)
        {
            return new SignalResult(OperationVerdict.NotFound, []);
        }

        var happened = new Signalled(new NewSignal(request.Name, request.Key, request.Payload), request.Actor)
        {
            KeptLimit = keptLimit,
        };
        var outcomes = await events.WriteAsync([.. receivers.Select(id => new EventFor(id, happened))], cancellation);
        return ResultOf(receivers, outcomes);
    }

    /// <summary>Creates the receiver. Validation errors get the field prefix <c>orCreate.</c>.</summary>
    private async Task<long> CreateAsync(CreateWorkflow create, CancellationToken cancellation)
    {
        try
        {
            return (await workflows.CreateAsync(create, cancellation)).Id;
        }
        catch (RejectedRequestException rejected)
        {
            throw new RejectedRequestException([
                .. rejected.Faults.Select(fault => fault with { Field = $"orCreate.{fault.Field}" }),
            ]);
        }
    }

    private static SignalResult ResultOf(IReadOnlyList<long> receivers, IReadOnlyList<EventOutcome> outcomes)
    {
        long[] received =
        [
            .. receivers
                .Zip(outcomes)
                .Where(each => each.Second.Verdict == EventVerdict.Committed)
                .Select(each => each.First),
        ];
        return new SignalResult(
            received.Length > 0 ? OperationVerdict.Changed
                : outcomes.All(outcome => outcome.Verdict == EventVerdict.NotFound) ? OperationVerdict.NotFound
                : OperationVerdict.Conflict,
            received
        );
    }

    /// <summary>
    /// The receivers of the signal. If it is addressed by id, the workflow's version is read only if a state of this process takes a typed
    /// payload.
    /// </summary>
    private async Task<IReadOnlyList<Receiver>> ReceiversAsync(SendSignal request, CancellationToken cancellation)
    {
        if (request.WorkflowId is { } id)
        {
            var named = workflows.Catalogue.ChecksSignal(request.Name) ? await store.FindAsync(id, cancellation) : null;
            return [new Receiver(id, named is null ? null : KeyOf(named))];
        }

        if (request.ExternalId is { } externalId)
        {
            return await store.FindByExternalIdAsync(externalId, cancellation) is { } workflow
                ? [new Receiver(workflow.Id, KeyOf(workflow))]
                : [];
        }

        var search = new WorkflowSearch
        {
            Filter = new WorkflowFilter
            {
                BusinessKey = request.BusinessKey,
                WorkflowTypes = request.WorkflowType is { } type ? [type] : [],
                Statuses = Unfinished,
            },
            Limit = MostWorkflows + 1,
            MaxRowsRead = int.MaxValue,
            WithVariables = false,
        };
        var found = (await store.SearchAsync(search, cancellation)).Workflows;
        if (found.Count > MostWorkflows)
        {
            throw new RejectedRequestException([
                new(
                    "businessKey",
                    request.BusinessKey,
                    $"a business key that at most {MostWorkflows} unfinished workflows have; a job sends a signal to more"
                ),
            ]);
        }

        return
        [
            .. found.Select(workflow => new Receiver(workflow.Id, KeyOf(workflow))).OrderBy(receiver => receiver.Id),
        ];
    }

    private static DefinitionKey KeyOf(WorkflowRecord workflow) => new(workflow.WorkflowType, workflow.Version);

    /// <summary>Validates the payload against the types that these versions expect. Only the first error is returned.</summary>
    private IEnumerable<FieldFault> PayloadFaults(SendSignal request, IEnumerable<DefinitionKey?> definitions) =>
        definitions
            .OfType<DefinitionKey>()
            .Distinct()
            .Select(definition => workflows.Catalogue.PayloadFaultOf(definition, request.Name, request.Payload))
            .OfType<ContractFault>()
            .Select(fault => new FieldFault($"payload{fault.Path}", null, fault.Expected))
            .Take(1);

    /// <summary>A receiver of a signal, and its version if the payload is checked.</summary>
    private readonly record struct Receiver(long Id, DefinitionKey? Definition);

    /// <summary>Validates a signal independently of its receivers.</summary>
    internal static IEnumerable<FieldFault> FaultsOf(
        string name,
        string? key,
        string payload,
        VariablesLimit payloadLimit
    )
    {
        foreach (var fault in RequestFaults.OfText("name", name))
        {
            yield return fault;
        }

        if (name is not null && name.Contains(SignalNames.Separator))
        {
            yield return new("name", name.ReplaceLineEndings("\\n"), "a text on one line");
        }

        foreach (var fault in key is not null ? RequestFaults.OfText("key", key) : [])
        {
            yield return fault;
        }

        foreach (var fault in RequestFaults.OfJson("payload", payload))
        {
            yield return fault;
        }

        if (!payloadLimit.Allows(payload))
        {
            yield return new("payload", null, $"at most {payloadLimit.Bytes:N0} bytes (GFLOW_ENGINE_VARIABLES_LIMIT)");
        }
    }

    private IEnumerable<FieldFault> FaultsOf(SendSignal request)
    {
        foreach (var fault in FaultsOf(request.Name, request.Key, request.Payload, payloadLimit))
        {
            yield return fault;
        }

        var byKey = request.BusinessKey is not null && request.WorkflowType is not null;
        var ways = new[] { request.WorkflowId is not null, request.ExternalId is not null, byKey };
        if (ways.Count(way => way) != 1)
        {
            yield return new("workflowId", null, "one of workflowId, externalId, or businessKey with workflowType");
        }
    }
}
