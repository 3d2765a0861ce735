using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The commands sent to MariaDB for a commit without concurrent writes.</summary>
public sealed class MySqlRoundTripTests : StoreContract
{
    [Fact]
    public async Task New_workflows_are_written_in_one_batch()
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(StoreKind.MariaDb), "No MariaDB server is configured.");
        var scene = await OpenAsync(StoreKind.MariaDb);
        // Makes ids of history entries differ from ids of workflows.
        await scene.CommitAsync((await scene.RunningAsync("before")).GoesTo("Pay"));
        var (sent, caller) = (new ConcurrentQueue<string>(), new Activity("this test").Start());
        using var listener = new ActivityListener();
        listener.ShouldListenTo = source => source.Name == "MySqlConnector";
        listener.Sample = (ref _) => ActivitySamplingResult.AllData;
        listener.ActivityStopped = command =>
        {
            if (command.TraceId == caller.TraceId && command.OperationName != "Open")
            {
                sent.Enqueue($"{command.OperationName} {command.GetTagItem("db.statement")}");
            }
        };
        ActivitySource.AddActivityListener(listener);

        await scene.WriteAsync([A.Workflow("one"), A.Workflow("two"), A.Workflow("three")], []);
        caller.Stop();

        // The driver does not report the contents of a batch. Sometimes the store queries the listeners.
        Assert.Equal("Execute ", Assert.Single(sent, command => !command.Contains("change_listeners")));
        Assert.Equal(4, (await scene.Store.SearchAsync(new(), TestContext.Current.CancellationToken)).Workflows.Count);
    }
}
