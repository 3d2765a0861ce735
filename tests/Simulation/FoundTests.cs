using GopherFlow.Operations;
using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>What the simulation has found in the kernel, each as small as it can be told, in many interleavings.</summary>
public sealed class FoundTests
{
    private const int Interleavings = 50;

    /// <summary>
    /// Seed 1411: the place that a create had reserved for a workflow that existed was given back, and the dispatcher, which had
    /// found no place for other due work meanwhile, did not hear of it before its next poll.
    /// </summary>
    [Fact]
    public void APlaceReservedForAWorkflowThatExistsGoesToDueWork()
    {
        foreach (var seed in Enumerable.Range(1, Interleavings))
        {
            var world = new SimulatedWorld(seed, keepsText: false);
            var server = new ServerClock(world);
            var rows = new InMemoryStore(server);
            var node = CalmNode(world, rows, rows, server, executorSize: 1);
            node.Start();
            world.RunUntil(() => node.Serves, world.Now + TimeSpan.FromSeconds(1));
            Create(node, "a");
            world.RunUntil(static () => false, world.Now + TimeSpan.FromSeconds(30));
            Create(node, "a");
            Create(node, "b");
            Create(node, "c");
            world.RunUntil(static () => false, world.Now + TimeSpan.FromSeconds(30));

            Assert.Empty(world.Violations);
            var workflows = All(rows);
            Assert.Equal(3, workflows.Count);
            Assert.All(workflows, workflow => Assert.Equal(WorkflowStatus.Finished, workflow.Status));
        }
    }

    /// <summary>
    /// Seed 1208: an executor whose registration was answered when its lease was over already took itself for registered, and ran
    /// what it could claim.
    /// </summary>
    [Fact]
    public void ARegistrationThatIsAnsweredTooLateGivesNoLease()
    {
        foreach (var seed in Enumerable.Range(1, Interleavings))
        {
            var world = new SimulatedWorld(seed, keepsText: false);
            var server = new ServerClock(world);
            var rows = new InMemoryStore(server);
            var registrations = 0;
            var store = new InterceptedStore(rows)
            {
                Register = async register =>
                {
                    var entry = await register();
                    var late = TimeSpan.FromSeconds(registrations++ == 0 ? 6 : 0);
                    await Task.Delay(late, world.Running!.Clock);
                    return entry;
                },
            };
            var first = CalmNode(world, rows, rows, server, executorSize: 1);
            first.Start();
            world.RunUntil(() => first.Serves, world.Now + TimeSpan.FromSeconds(1));
            Create(first, "a");
            Create(first, "b");
            world.RunUntil(() => All(rows).Count == 2, world.Now + TimeSpan.FromSeconds(1));
            first.Kill("by the test");
            CalmNode(world, store, rows, server, executorSize: 1).Start();
            world.RunUntil(static () => false, world.Now + TimeSpan.FromMinutes(1));

            Assert.Empty(world.Violations);
            Assert.Equal(2, registrations);
            Assert.All(All(rows), workflow => Assert.Equal(WorkflowStatus.Finished, workflow.Status));
        }
    }

    /// <summary>
    /// Every claim is answered 2.5 s late, which is longer than the repairer's interval: claims were given back while they were under
    /// way, and functions ran again and again without getting anywhere.
    /// </summary>
    [Fact]
    public void ClaimsThatAreAlwaysAnsweredLateAreNotGivenBack()
    {
        foreach (var seed in Enumerable.Range(1, Interleavings))
        {
            var world = new SimulatedWorld(seed, keepsText: false);
            var server = new ServerClock(world);
            var rows = new InMemoryStore(server);
            var attempts = 0;
            var store = new InterceptedStore(rows)
            {
                Claim = async (_, claim) =>
                {
                    var result = await claim();
                    await Task.Delay(TimeSpan.FromSeconds(2.5), world.Running!.Clock);
                    return result;
                },
                Write = (batch, write) =>
                {
                    attempts += batch.Events.Count(each => each.Event is StepSucceeded);
                    return write();
                },
            };
            var first = CalmNode(world, rows, rows, server, executorSize: 1);
            first.Start();
            world.RunUntil(() => first.Serves, world.Now + TimeSpan.FromSeconds(1));
            foreach (var number in Enumerable.Range(1, 20))
            {
                Create(first, $"{number}");
            }

            world.RunUntil(() => All(rows).Count == 20, world.Now + TimeSpan.FromSeconds(1));
            first.Kill("by the test");
            var before = All(rows).Sum(workflow => workflow.Step);
            CalmNode(world, store, rows, server, executorSize: 10).Start();
            world.RunUntil(static () => false, world.Now + TimeSpan.FromMinutes(1));

            Assert.Empty(world.Violations);
            Assert.All(All(rows), workflow => Assert.Equal(WorkflowStatus.Finished, workflow.Status));
            Assert.Equal(All(rows).Sum(workflow => workflow.Step) - before, attempts);
        }
    }

    private static Node CalmNode(
        SimulatedWorld world,
        IWorkflowStore store,
        InMemoryStore rows,
        ServerClock server,
        int executorSize
    )
    {
        var weather = new Weather(world.Chance);
        weather.ClearUp();
        var workload = new Workload(world, new FunctionWatch(world, rows, server)) { SideTable = new SideTable() };
        workload.CalmDown();
        var seldom = TimeSpan.FromMinutes(10);
        var setting = new NodeSetting(TimeSpan.FromSeconds(5), executorSize, 8, 1, CheckDbInterval: seldom);
        world.InstantIsOver = workload.Functions.Look;
        return new Node(world, 1, setting, store, workload, weather, new HintNetwork(world, weather))
        {
            HasStopped = static (_, _) => { },
        };
    }

    private static IReadOnlyList<WorkflowRecord> All(InMemoryStore rows) =>
        rows.SearchAsync(new WorkflowSearch(), CancellationToken.None).Result;

    private static void Create(Node node, string externalId) =>
        node.Serve(operations =>
            operations.CreateAsync(
                new CreateWorkflow
                {
                    ExternalId = externalId,
                    WorkflowType = Workload.Reporter,
                    BusinessKey = "test",
                }
            )
        );
}
