using GopherFlow.Operations;
using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>Minimal reproductions of bugs that the simulation has found in the kernel, each in many interleavings.</summary>
public sealed class FoundTests
{
    private const int Interleavings = 50;

    private static IEnumerable<int> Seeds => Enumerable.Range(1, Interleavings);

    /// <summary>
    /// Seed 1411: a create had reserved a slot for a workflow that existed already, and released it. The dispatcher, which had found no
    /// free slot for other due work meanwhile, was not notified and waited for its next poll.
    /// </summary>
    [Fact]
    public void A_slot_reserved_for_an_existing_workflow_goes_to_due_work()
    {
        foreach (var calm in Seeds.Select(seed => new Calm(seed)))
        {
            var node = calm.StartNode(calm.Rows, executorSize: 1);
            calm.World.RunUntil(() => node.Serves, calm.In(1));
            Create(node, "a");
            calm.World.RunUntil(static () => false, calm.In(30));
            Create(node, "a");
            Create(node, "b");
            Create(node, "c");
            calm.World.RunUntil(static () => false, calm.In(30));

            calm.MustHaveFinished(workflows: 3);
        }
    }

    /// <summary>
    /// Seed 1208: an executor whose registration was answered after its lease had expired considered itself registered, and ran
    /// what it could claim.
    /// </summary>
    [Fact]
    public void A_registration_answered_too_late_gives_no_lease()
    {
        foreach (var calm in Seeds.Select(seed => new Calm(seed)))
        {
            var registrations = 0;
            var store = new InterceptedStore(calm.Rows)
            {
                Register = async register =>
                {
                    var entry = await register();
                    await Task.Delay(TimeSpan.FromSeconds(registrations++ == 0 ? 6 : 0), calm.World.Running!.Clock);
                    return entry;
                },
            };
            calm.LeaveBehind(workflows: 2);
            calm.StartNode(store, executorSize: 1);
            calm.World.RunUntil(static () => false, calm.In(60));

            calm.MustHaveFinished(workflows: 2);
            Assert.Equal(2, registrations);
        }
    }

    /// <summary>
    /// Every claim is answered 2.5 s late, which is longer than the repairer's interval: claims were released while they were in
    /// flight, and functions ran again and again without progress.
    /// </summary>
    [Fact]
    public void Claims_that_are_always_answered_late_are_not_released()
    {
        foreach (var calm in Seeds.Select(seed => new Calm(seed)))
        {
            var steps = 0;
            var store = new InterceptedStore(calm.Rows)
            {
                Claim = async (_, claim) =>
                {
                    var result = await claim();
                    await Task.Delay(TimeSpan.FromSeconds(2.5), calm.World.Running!.Clock);
                    return result;
                },
                Write = (batch, write) =>
                {
                    steps += batch.Events.Count(each => each.Event is AttemptEnded);
                    return write();
                },
            };
            calm.LeaveBehind(workflows: 20);
            var before = calm.All.Sum(workflow => workflow.Step);
            calm.StartNode(store, executorSize: 10);
            calm.World.RunUntil(static () => false, calm.In(60));

            calm.MustHaveFinished(workflows: 20);
            Assert.Equal(calm.All.Sum(workflow => workflow.Step) - before, steps);
        }
    }

    /// <summary>
    /// Seed 476: an executor had claimed a workflow for its signal. When it read the signal, another executor had taken both, and it
    /// called the function without a signal.
    /// </summary>
    [Fact]
    public void A_function_is_not_called_without_its_awaited_signal()
    {
        foreach (var calm in Seeds.Select(seed => new Calm(seed)))
        {
            var node = calm.StartNode(new CancelledElsewhere(calm), executorSize: 1);
            calm.World.RunUntil(() => node.Serves, calm.In(1));
            Create(node, "a", Workload.Parcel);
            calm.World.RunUntil(() => calm.All is [{ AwaitedSignals: not null }], calm.In(30));
            node.Signal(signals =>
                signals.SendAsync(
                    new()
                    {
                        WorkflowId = 1,
                        Name = "paid",
                        Actor = "ann",
                    }
                )
            );
            node.Signal(signals =>
                signals.SendAsync(
                    new()
                    {
                        WorkflowId = 1,
                        Name = "refused",
                        Actor = "ann",
                    }
                )
            );
            calm.World.RunUntil(static () => false, calm.In(30));

            Assert.Empty(calm.World.Violations);
        }
    }

    /// <summary>Another process cancels a workflow just before this one reads its signals.</summary>
    private sealed class CancelledElsewhere(Calm calm) : DelegatingStore(calm.Rows)
    {
        public override async Task<SignalRecord?> OldestSignalAsync(
            long workflowId,
            string name,
            CancellationToken cancellation
        )
        {
            var cancelled = new EventFor(workflowId, new Cancelled("ann"));
            await Inner.WriteAsync(new WriteBatch([], [cancelled], null, calm.World.Now), cancellation);
            return await Inner.OldestSignalAsync(workflowId, name, cancellation);
        }
    }

    private static void Create(Node node, string externalId, string workflowType = Workload.Reporter) =>
        node.Serve(operations =>
            operations.CreateAsync(
                new CreateWorkflow
                {
                    ExternalId = externalId,
                    WorkflowType = workflowType,
                    BusinessKey = "test",
                }
            )
        );

    /// <summary>A world without random faults.</summary>
    private sealed class Calm
    {
        private readonly FaultRates weather;
        private readonly Workload workload;
        private int started;

        public Calm(int seed)
        {
            World = new SimulatedWorld(seed, keepsText: false);
            var server = new ServerClock(World);
            var sideTable = new SideTable();
            Rows = new InMemoryStore(server, sideTable.Begin);
            weather = new FaultRates(World.Chance);
            weather.ClearUp();
            var course = new EffectWatch(World, Rows);
            workload = new Workload(World, new FunctionWatch(World, Rows, server, course), course)
            {
                SideTable = sideTable,
            };
            workload.CalmDown();
            World.InstantIsOver = workload.Functions.Look;
        }

        public SimulatedWorld World { get; }

        public InMemoryStore Rows { get; }

        public IReadOnlyList<WorkflowRecord> All =>
            Rows.SearchAsync(new WorkflowSearch(), CancellationToken.None).Result.Workflows;

        public DateTimeOffset In(int seconds) => World.Now + TimeSpan.FromSeconds(seconds);

        public Node StartNode(IWorkflowStore store, int executorSize)
        {
            var seldom = TimeSpan.FromMinutes(10);
            var setting = new NodeSetting(TimeSpan.FromSeconds(5), executorSize, 8, 1, 8, CheckDbInterval: seldom);
            var node = new Node(
                World,
                ++started,
                setting,
                store,
                Rows.Another().Changes,
                Rows.Jobs,
                Rows.Schedules,
                turn => Rows.Schedules.WriteScheduleAsync(turn, CancellationToken.None),
                workload,
                weather,
                new HintNetwork(World, weather)
            )
            {
                HasStopped = static (_, _) => { },
            };
            node.Start();
            return node;
        }

        /// <summary>Creates workflows in a process that is then killed.</summary>
        public void LeaveBehind(int workflows)
        {
            var node = StartNode(Rows, executorSize: 1);
            World.RunUntil(() => node.Serves, In(1));
            foreach (var number in Enumerable.Range(1, workflows))
            {
                Create(node, $"{number}");
            }

            World.RunUntil(() => All.Count == workflows, In(1));
            node.Kill("by the test");
        }

        public void MustHaveFinished(int workflows)
        {
            Assert.Empty(World.Violations);
            Assert.Equal(workflows, All.Count);
            Assert.All(All, workflow => Assert.Equal(WorkflowStatus.Finished, workflow.Status));
        }
    }
}
