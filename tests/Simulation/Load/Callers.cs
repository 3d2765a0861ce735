using GopherFlow.Operations;
using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Creates workflows and changes them by hand. Requests go to any serving process and may never be answered; acknowledged ones are
/// recorded.
/// </summary>
internal sealed class Callers(SimulatedWorld world, InMemoryStore rows, Workload workload)
{
    /// <summary>The business key of all workflows.</summary>
    public const string BusinessKey = "simulated";

    private readonly List<CreateWorkflow> requests = [];

    /// <summary>Workflows whose creation was acknowledged.</summary>
    public Dictionary<string, long> Created { get; } = [];

    /// <summary>Variables whose setting by hand was acknowledged.</summary>
    public List<(long Id, string Key)> Set { get; } = [];

    /// <summary>Adds a request for a workflow, which is repeated until acknowledged.</summary>
    public void Request(int number)
    {
        var variables = new Variables();
        variables.Set("depth", world.Chance.Between(0, 2));
        var now = world.Now;
        requests.Add(
            new CreateWorkflow
            {
                ExternalId = $"request-{number}",
                WorkflowType = world.Chance.One(Workload.Roots),
                BusinessKey = BusinessKey,
                Priority = world.Chance.Between(1, 9),
                StateVars = variables,
                NextActivation = world.Chance.Hit(0.2) ? now + world.Chance.Milliseconds(5000) : null,
            }
        );
    }

    /// <summary>A random request for a workflow of a type, or null.</summary>
    public CreateWorkflow? AnyRequest(string workflowType) =>
        requests.FindAll(request => request.WorkflowType == workflowType) is { Count: > 0 } some
            ? world.Chance.One(some)
            : null;

    public bool AllCreated => Created.Count == requests.Count;

    /// <summary>Sends a random request. Repeating an acknowledged one must do no harm.</summary>
    public void Ask(Node node)
    {
        if (requests.Count == 0)
        {
            return;
        }

        var request = requests[world.Chance.Below(requests.Count)];
        Ask(node, request);
    }

    /// <summary>Creates a workflow and waits for its end, for a limited time.</summary>
    private void Ask(Node node, CreateWorkflow request)
    {
        var timeout = world.Chance.Milliseconds(10_000);
        node.Serve(async operations =>
        {
            using var giveUp = new CancellationTokenSource(timeout, node.Lane.Clock);
            var id = (await operations.CreateAsync(request, giveUp.Token)).Id;
            Created[request.ExternalId] = id;
            var wait = await operations.WaitAsync(id, [], timeout, giveUp.Token);
            if (
                wait is
                {
                    Verdict: WaitVerdict.Reached,
                    Workflow: not { Status: WorkflowStatus.Waiting or >= WorkflowStatus.Finished }
                }
            )
            {
                world.Violated($"a wait for workflow {id} ended while it was {wait.Workflow}");
            }
        });
    }

    /// <summary>Sends all requests that are not acknowledged yet.</summary>
    public void AskForRest(Node node)
    {
        foreach (var request in requests.Where(request => !Created.ContainsKey(request.ExternalId)))
        {
            Ask(node, request);
        }
    }

    /// <summary>Sets a variable of a random workflow by hand.</summary>
    public void SetSomething(Node node, int number)
    {
        if (Anyone() is { } workflow)
        {
            var key = $"by-hand-{number}.";
            node.Intervene(async interventions =>
            {
                var result = await interventions.ChangeVariablesAsync(
                    workflow.Id,
                    [new VariableChange(key, "true")],
                    "somebody"
                );
                if (result.Verdict == OperationVerdict.Changed)
                {
                    Set.Add((workflow.Id, key));
                }
            });
        }
    }

    /// <summary>Moves a random workflow by hand. A reporter is never moved past its report, which its parent waits for.</summary>
    public void MoveSomething(Node node)
    {
        if (Anyone() is { } workflow)
        {
            Move(
                node,
                workflow,
                world.Chance.One(Workload.TargetsOf(workload.Find(workflow))).Name,
                world.Chance.Hit(0.3)
            );
        }
    }

    /// <summary>Moves all errands, or all parcels, of one version to the other.</summary>
    public void MoveVersions(Node node)
    {
        var from = world.Chance.Below(2);
        var (type, one, other) = world.Chance.One([
            (Workload.Errand, "Nap", "Doze"),
            (Workload.Parcel, "Late", "Overdue"),
        ]);
        world.Trace.Add(world.Now, "person", $"moves every {type} to version {Workload.Versions[1 - from]}");
        node.MoveVersions(versions =>
            versions.MoveAsync(
                new MoveVersions
                {
                    Name = type,
                    From = Workload.Versions[from],
                    To = Workload.Versions[1 - from],
                    States = from == 0 ? Renamed(one, other) : Renamed(other, one),
                    DryRun = false,
                    Actor = "somebody",
                }
            )
        );
    }

    private static Dictionary<string, string> Renamed(string from, string to) => new() { [from] = to };

    /// <summary>Moves all workflows that wait for a person without a deadline.</summary>
    public void MoveWaiting(Node node)
    {
        foreach (var workflow in All().Where(each => each is { Status: WorkflowStatus.Waiting, DeadlineState: null }))
        {
            Move(node, workflow, workload.StateOf(workflow).GoesTo[0], later: false);
        }
    }

    /// <summary>All workflows.</summary>
    public IReadOnlyList<WorkflowRecord> All() =>
        rows.SearchAsync(new WorkflowSearch { Limit = int.MaxValue }, CancellationToken.None).Result.Workflows;

    /// <summary>A random workflow, mostly an unfinished one.</summary>
    public WorkflowRecord? Anyone()
    {
        var all = All();
        var underWay = all.Where(workflow => !workflow.Status.IsFinal()).ToList();
        var some = underWay.Count > 0 && world.Chance.Hit(0.8) ? underWay : all;
        return some.Count > 0 ? world.Chance.One(some) : null;
    }

    private void Move(Node node, WorkflowRecord workflow, string state, bool later)
    {
        world.Trace.Add(world.Now, "person", $"moves {workflow.Id} from {workflow.State} to {state}");
        node.Intervene(interventions =>
            interventions.MoveAsync(
                new MoveWorkflow
                {
                    WorkflowId = workflow.Id,
                    State = state,
                    FromStates = [workflow.State],
                    NextActivation = later ? world.Now + world.Chance.Milliseconds(3000) : null,
                    Actor = "somebody",
                }
            )
        );
    }
}
