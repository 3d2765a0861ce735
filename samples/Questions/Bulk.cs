using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Hosting;
using GopherFlow.Operations.Jobs;
using GopherFlow.Questions.Running;
using GopherFlow.Storage;

namespace GopherFlow.Questions;

[Workflow("Subscription")]
public sealed partial class Subscription : Workflow
{
    [Start]
    public NextState Begin() => WaitFor("renewed").Then(To.Renewed);

    [End]
    public const string Renewed = "Renewed";
}

public static class Bulk
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var engine = await RunningEngine.StartAsync(flow => flow.UseInMemory().AddWorkflow<Subscription>());
        for (var number = 1; number <= 30; number++)
        {
            var country = number % 3 == 0 ? "no" : "de";
            await engine.Client.StartAsync<Subscription>(
                $"subscription-{number}",
                options: new StartOptions { BusinessKey = $"{country}-{number}" }
            );
        }

        // The same filter as for a search in the console or over HTTP.
        var request = new JobRequest
        {
            Operation = new JobOperation.Cancel(),
            Filter = new WorkflowFilter { WorkflowTypes = ["Subscription"], BusinessKeyPrefix = "no-" },
            Actor = "ann",
            Reason = "no longer sold there",
        };
        var jobs = engine.Get<JobOperations>();
        Check.Equal(10, (await jobs.DryRunAsync(request)).Total);

        var id = await jobs.StartAsync(request);
        var job = await jobs.WaitAsync(id, TimeSpan.FromSeconds(30));

        Check.Equal(10, job!.Done);
        Check.Equal(WorkflowStatus.Cancelled, (await engine.Client.Handle("subscription-3").QueryAsync()).Status);
        Check.That(!(await engine.Client.Handle("subscription-4").QueryAsync()).Status.IsFinal());
        output.WriteLine($"{job.Status}: {job.Done} of {job.Total}");
    }
}
