using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("SendMessage", "Sends a message; the provider accepts four per second")]
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
        await using var flow = await FlowTest.For<SendMessage>();
        for (var number = 1; number <= 6; number++)
        {
            await flow.StartAsync(businessKey: $"message-{number}");
        }

        // Four at once, the size of the token bucket, and then one every quarter of a second.
        Check.That(Sent(flow) == 4);
        flow.Advance(seconds: 0.25);
        Check.That(Sent(flow) == 5);
        flow.Advance(seconds: 0.25);
        Check.That(Sent(flow) == 6);
        output.WriteLine("Six messages took half a second.");
    }

    private static int Sent(FlowTest flow) => flow.Runs.Count(run => run.State == SendMessage.Sent);
}
