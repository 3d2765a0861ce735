using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Telemetry;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Telemetry;

/// <summary>A workflow is one trace, and each step is a span in it.</summary>
public sealed class TracingTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_trace_of_the_caller_continues_through_the_workflow_and_its_children(StoreKind kind)
    {
        var (parent, child) = ($"Parent {Guid.NewGuid()}", $"Child {Guid.NewGuid()}");
        using var spans = new Spans(parent, child);
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        Machines.TwoStates(
                            parent,
                            step =>
                                Task.FromResult(
                                    NextState
                                        .GoTo("Second")
                                        .Spawn(new ChildRequest(child, "child"))
                                        .WhenChildrenFinished()
                                ),
                            _ => Task.FromResult(NextState.GoTo("Done"))
                        )
                    )
                    .AddDefinition(Machines.Trivial(child))
        );
        using var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var id = await engine.CreateAsync(parent);
        caller.Stop();

        var found = await spans.UntilAsync(4);

        Assert.All(found, span => Assert.Equal(caller.TraceId, span.TraceId));
        var create = found.Single(span => span.OperationName == "workflow.create");
        Assert.Equal((caller.SpanId, ActivityKind.Producer), (create.ParentSpanId, create.Kind));
        Assert.Equal(id, create.GetTagItem("workflow.id"));
        var steps = found.Where(span => span.OperationName == "workflow.step").ToList();
        var first = steps.Single(span => span.DisplayName == $"workflow.step {parent} First");
        Assert.Equal(create.SpanId, first.ParentSpanId);
        Assert.Equal(first.SpanId, steps.Single(span => span.DisplayName.Contains(child)).ParentSpanId);
        Assert.Equal(create.SpanId, steps.Single(span => span.DisplayName.EndsWith("Second")).ParentSpanId);
        Assert.Equal(
            ("succeeded", "Second", 1),
            (
                first.GetTagItem("workflow.outcome"),
                first.GetTagItem("workflow.next_state"),
                first.GetTagItem("workflow.attempt")
            )
        );
    }

    [Fact]
    public async Task A_failed_attempt_is_a_span_with_an_error_and_the_next_attempt_another_span()
    {
        var type = $"Failing {Guid.NewGuid()}";
        using var spans = new Spans(type);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        type,
                        step =>
                            step.Attempt == 1
                                ? throw new InvalidOperationException("no paper")
                                : NextState.GoTo("Done"),
                        RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero)
                    )
                )
        );
        await engine.CreateAsync(type);

        // The second attempt begins with the commit of the first, and its span may end before the first one's.
        var steps = (await spans.UntilAsync(3))
            .Where(span => span.OperationName == "workflow.step")
            .OrderBy(span => span.StartTimeUtc)
            .ToList();

        Assert.Equal(ActivityStatusCode.Error, steps[0].Status);
        Assert.Equal("retried", steps[0].GetTagItem("workflow.outcome"));
        Assert.Equal(typeof(InvalidOperationException).FullName, steps[0].GetTagItem("error.type"));
        Assert.Equal("exception", Assert.Single(steps[0].Events).Name);
        Assert.Equal(ActivityStatusCode.Unset, steps[1].Status);
        Assert.Equal(steps[0].TraceId, steps[1].TraceId);
    }

    [Fact]
    public async Task Spans_of_a_function_are_children_of_its_step()
    {
        var type = $"Looking {Guid.NewGuid()}";
        using var spans = new Spans(type);
        string? seen = null;
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        type,
                        async step =>
                        {
                            await Task.Yield();
                            seen = Activity.Current?.Id;
                            return NextState.GoTo("Done");
                        }
                    )
                )
        );
        await engine.CreateAsync(type);

        var step = (await spans.UntilAsync(2)).Single(span => span.OperationName == "workflow.step");

        Assert.Equal(step.Id, seen);
    }

    /// <summary>The ended spans of some workflow types, in the order in which they ended.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> ended = new();
        private readonly SemaphoreSlim heard = new(0);
        private readonly ActivityListener listener;

        public Spans(params string[] types)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == EngineTelemetry.Name,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (types.Contains(span.GetTagItem("workflow.type")))
                    {
                        ended.Enqueue(span);
                        heard.Release();
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public async Task<IReadOnlyList<Activity>> UntilAsync(int count)
        {
            for (var span = 0; span < count; span++)
            {
                Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(30)), $"There are {ended.Count} spans.");
            }

            return [.. ended];
        }

        public void Dispose()
        {
            listener.Dispose();
            heard.Dispose();
        }
    }
}
