using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Operations.Schedules;
using GopherFlow.Questions.Running;

namespace GopherFlow.Questions;

// With this attribute the schedule is active. Use AddSchedule for options that an attribute cannot express.
[Workflow("WeeklyReport"), Schedule("30 6 * * MON", TimeZone = "Europe/Berlin")]
public sealed partial class WeeklyReport : Workflow
{
    [Start]
    public NextState Write() => To.Sent.Log($"report of {Step.BusinessKey}");

    [End]
    public const string Sent = "Sent";
}

public static class Schedule
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var engine = await RunningEngine.StartAsync(flow => flow.UseInMemory().AddWorkflow<WeeklyReport>());
        var schedules = engine.Get<ScheduleOperations>();

        // Schedules can also be added at runtime. This one catches up on at most one missed run after an outage.
        var created = await schedules.CreateAsync(
            new SaveSchedule
            {
                Name = "monthly",
                Definition = new ScheduleDefinition
                {
                    WorkflowType = "WeeklyReport",
                    Cron = "0 4 L * *",
                    CatchUp = ScheduleCatchUp.Last,
                    Overlap = ScheduleOverlap.Skip,
                },
                Actor = "ann",
            }
        );
        foreach (var due in ScheduleOperations.NextDue(created.Schedule!, 3))
        {
            Check.Equal(1, due.AddDays(1).Day);
            output.WriteLine($"due {due:u}");
        }

        // A run of a schedule is a workflow like any other. This one is triggered by hand.
        var started = await schedules.TriggerAsync("monthly", "ann");
        var ended = await engine.Get<WorkflowOperations>().EndAsync(started.WorkflowId!.Value);
        Check.Equal(WorkflowStatus.Finished, ended!.Status);
        output.WriteLine($"{ended.ExternalId}: {ended.State}");
    }
}
