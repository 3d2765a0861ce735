namespace GopherFlow.Simulation;

/// <summary>
/// Tests the simulator itself: each of these stores and executors breaks one guarantee, and must be found.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Bound = 500;

    [Fact]
    public void A_store_without_fencing_is_found() => MustBeFound(Mutations.WithoutFence, "after it was lost");

    [Fact]
    public void A_store_that_ignores_execution_counts_is_found() =>
        MustBeFound(Mutations.ForgettingExecutionCounts, "was committed twice");

    [Fact]
    public void A_store_that_exceeds_limits_is_found() =>
        MustBeFound(LimitMutations.GrantingToAll, "which has a limit of");

    [Fact]
    public void A_dropped_wake_is_found() => MustBeFound(Mutations.DroppingWakes, "(Watch) has not finished");

    [Fact]
    public void A_dropped_join_is_found() => MustBeFound(Mutations.DroppingJoins, "(Family) has not finished");

    [Fact]
    public void A_partial_commit_is_found() => MustBeFound(Mutations.TearingCommits, "its ledger is");

    [Fact]
    public void A_taken_signal_that_stays_is_found() => MustBeFound(Mutations.LeavingTakenSignals, "was taken twice");

    [Fact]
    public void A_signal_that_wakes_nothing_is_found() =>
        MustBeFound(Mutations.NotWakingForSignals, "has not finished");

    [Fact]
    public void A_lost_pause_is_found() => MustBeFound(Mutations.ForgettingPauses, "its pause is lost");

    [Fact]
    public void A_deadline_that_fires_despite_the_signal_is_found() =>
        MustBeFound(Mutations.FiringDeadlines, "although its signal had arrived");

    [Fact]
    public void A_cancel_that_does_not_increase_the_lease_is_found() =>
        MustBeFound(Mutations.CancellingWithoutALease, "which has cancelled it", from: 50);

    [Fact]
    public void A_lease_counted_from_the_answer_is_found() =>
        MustBeFound(ExecutorMutations.CountingFromTheAnswer, "although the lease of executor");

    [Fact]
    public void A_lease_that_never_expires_is_found() =>
        MustBeFound(ExecutorMutations.NeverDropping, "although the lease of executor", from: 50);

    [Fact]
    public void Steps_dropped_too_late_are_found() =>
        MustBeFound(ExecutorMutations.DroppingTooLate, "although the lease of executor");

    [Fact]
    public void A_claim_released_in_flight_is_found() =>
        MustBeFound(ExecutorMutations.GivingBackClaimsUnderWay, "before it was answered");

    [Fact]
    public void A_claim_released_while_it_runs_is_found() =>
        MustBeFound(ExecutorMutations.GivingBackWhatRuns, "while it is running");

    [Fact]
    public void A_missing_takeover_is_found() => MustBeFound(ExecutorMutations.NeverTakingOver, "has not finished");

    [Fact]
    public void A_lost_wake_up_of_the_dispatcher_is_found() =>
        MustBeFound(ExecutorMutations.ForgettingWakes, "has not finished");

    [Fact]
    public void A_failed_poll_that_is_not_repeated_is_found() =>
        MustBeFound(ExecutorMutations.NotPollingAgain, "has not finished");

    [Fact]
    public void A_step_settled_too_early_is_found() =>
        MustBeFound(ExecutorMutations.SettlingTooEarly, "steps are durable");

    [Fact]
    public void A_step_dropped_after_a_failed_commit_is_found() =>
        MustBeFound(ExecutorMutations.DroppingAfterAFailure, "steps are durable");

    [Fact]
    public void A_create_acknowledged_after_a_failed_commit_is_found() =>
        MustBeFound(ExecutorMutations.AnsweringLostCreates, "was acknowledged as workflow");

    [Fact]
    public void Two_steps_of_one_workflow_in_a_batch_are_found() =>
        MustBeFound(ExecutorMutations.MixingStepsOfOneWorkflow, "attempts in one batch");

    [Fact]
    public void A_new_beginning_that_keeps_the_history_is_found() =>
        MustBeFound(Mutations.ForgettingBeginnings, "beginnings");

    [Fact]
    public void A_page_that_does_not_advance_its_job_is_found() =>
        MustBeFound(JobMutations.LeavingTheJobBehind, "twice");

    [Fact]
    public void A_job_with_two_owners_is_found() => MustBeFound(JobMutations.WithoutLeases, "in job", from: 35);

    [Fact]
    public void A_skipped_workflow_of_a_job_is_found() =>
        MustBeFound(JobMutations.PassingOver, "has skipped workflow", from: 60);

    [Fact]
    public void A_job_that_is_never_taken_over_is_found() => MustBeFound(JobMutations.NeverTakingOver, "has not ended");

    [Fact]
    public void A_schedule_written_without_a_revision_check_is_found() =>
        MustBeFound(ScheduleMutations.WithoutRevision, "schedule every-");

    [Fact]
    public void A_schedule_that_advances_without_its_runs_is_found() =>
        MustBeFound(ScheduleMutations.LosingRuns, "were decided");

    private void MustBeFound(Mutation mutation, string law, int from = 1) =>
        MustBeFound(mutation.Method.Name, new Mutants { Store = mutation }, law, from);

    private void MustBeFound(ExecutorMutation mutation, string law, int from = 1) =>
        MustBeFound(mutation.Method.Name, new Mutants { Executor = mutation }, law, from);

    private void MustBeFound(JobMutation mutation, string law, int from = 1) =>
        MustBeFound(mutation.Method.Name, new Mutants { Jobs = mutation }, law, from);

    private void MustBeFound(ScheduleMutation mutation, string law) =>
        MustBeFound(mutation.Method.Name, new Mutants { Schedules = mutation }, law, from: 1);

    /// <summary>
    /// Asserts that the mutant is found by the law that it breaks, on a seed that breaks no law without it. A later first seed skips seeds
    /// that are known to miss the mutant.
    /// </summary>
    private void MustBeFound(string mutant, Mutants mutants, string law, int from)
    {
        var found = Enumerable
            .Range(from, Bound)
            .Select(seed => Simulator.Run(seed, mutants: mutants))
            .FirstOrDefault(report =>
                report.Violations.Any(violation => violation.Contains(law, StringComparison.Ordinal))
            );
        Assert.True(found is not null, $"The mutant survives {Bound} seeds.");
        Assert.Empty(Simulator.Run(found.Seed).Violations);
        output.WriteLine(
            $"{mutant}: found by seed {found.Seed}: {found.Violations.First(violation => violation.Contains(law, StringComparison.Ordinal))}"
        );
    }
}
