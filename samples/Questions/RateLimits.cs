using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Hosting;
using GopherFlow.Questions.Running;

namespace GopherFlow.Questions;

[Workflow("SendMessage", "Sends a message; the provider takes four a second")]
public sealed partial class SendMessage : Workflow
{
    [Start, RateLimit(4, Per.Second)]
    public NextState Send() => To.Sent;

    [End]
    public const string Sent = "Sent";
}

public static class RateLimits
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var engine = await RunningEngine.StartAsync(flow => flow.UseInMemory().AddWorkflow<SendMessage>());
        var clock = Stopwatch.StartNew();

        for (var number = 1; number <= 6; number++)
        {
            await engine.Client.StartAsync<SendMessage>($"message-{number}");
        }

        for (var number = 1; number <= 6; number++)
        {
            await engine.Client.Handle($"message-{number}").EndAsync();
        }

        // Four at once, as many as the bucket holds, and then one every quarter of a second.
        Check.That(clock.Elapsed > TimeSpan.FromMilliseconds(450));
        output.WriteLine($"Six messages took {clock.Elapsed.TotalSeconds:0.0} s.");
    }
}
