using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Property tests: permits never exceed the limits, and every key gets its turn.</summary>
public sealed class LimitLawTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<LimitSet> AnyLimits =
        from ofType in Gen.Elements<WorkflowLimit[]>(
            [WorkflowLimit.Concurrency(1)],
            [WorkflowLimit.Concurrency(5)],
            [WorkflowLimit.Concurrency(5), WorkflowLimit.Concurrency(1, perKey: true)],
            [WorkflowLimit.Rate(3, Per.Minute)],
            [WorkflowLimit.Concurrency(4), WorkflowLimit.Rate(2, Per.Minute, perKey: true)]
        )
        from ofPay in Gen.Elements<WorkflowLimit[]>(
            [],
            [WorkflowLimit.Concurrency(2)],
            [WorkflowLimit.Rate(5, Per.Minute)]
        )
        select new LimitSet(ofType, new Dictionary<string, IReadOnlyList<WorkflowLimit>> { ["Pay"] = ofPay });

    private static readonly Gen<Turn> AnyTurn =
        from seconds in Gen.Choose(0, 20)
        from comes in (
            from key in Gen.Frequency(
                (3, Gen.Constant("a")),
                (2, Gen.Elements("b", "c", "d")),
                (1, Gen.Elements("e", "z"))
            )
            from state in Gen.Elements("Pay", "Ship")
            select (key, state)
        ).ArrayOf(6)
        from count in Gen.Choose(0, 6)
        from ends in Gen.Choose(0, 5)
        from most in Gen.Choose(1, 8)
        select new Turn(seconds, comes[..count], ends, most);

    [Fact]
    public void Running_workflows_never_exceed_the_limits() =>
        ForAllLives(life =>
        {
            foreach (var limit in life.Limits.OfType)
            {
                AssertHeld(life, limit, _ => true);
            }

            foreach (var limit in life.Limits.OfStates["Pay"])
            {
                AssertHeld(life, limit, waiter => waiter.State == "Pay");
            }
        });

    [Fact]
    public void A_free_permit_is_granted_when_a_workflow_waits_for_it() =>
        ForAllLives(life =>
        {
            life.Granted.Clear();
            life.Turn(new Turn(86_400, [], Ends: int.MaxValue, Most: 100));
            Assert.True(life.Waiting.Count == 0 || life.Granted.Count > 0);
        });

    [Fact]
    public void Keys_with_constant_demand_get_equal_shares()
    {
        var life = new Life(
            new LimitSet([WorkflowLimit.Concurrency(5)], new Dictionary<string, IReadOnlyList<WorkflowLimit>>())
        );
        string[] keys = ["a", "b", "c", "d", "e", "f", "g"];
        life.Turn(
            new Turn(
                0,
                [
                    .. Enumerable.Repeat(("a", "Ship"), 500),
                    .. keys[1..].SelectMany(key => Enumerable.Repeat((key, "Ship"), 100)),
                ],
                Ends: 0,
                Most: 3
            )
        );
        for (var turn = 0; turn < 100; turn++)
        {
            life.Turn(new Turn(1, [], Ends: 1 + (turn % 4), Most: 1 + (turn % 3)));
        }

        var counts = keys.Select(key => life.Granted.Count(granted => granted.Key == key)).ToList();
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }

    [Fact]
    public void A_waiting_workflow_precedes_one_that_arrives_two_rounds_later()
    {
        var life = new Life(
            new LimitSet([WorkflowLimit.Concurrency(1)], new Dictionary<string, IReadOnlyList<WorkflowLimit>>())
        );
        life.Turn(new Turn(0, [("a", "Ship"), ("b", "Ship"), ("a-old", "Ship")], Ends: 0, Most: 1));

        // New keys keep sorting after all earlier ones, as order numbers do.
        for (var turn = 0; turn < 20; turn++)
        {
            life.Turn(new Turn(1, [($"order-{turn:d3}", "Ship")], Ends: 1, Most: 1));
        }

        Assert.Contains("a-old", life.Granted.Take(4).Select(granted => granted.Key));
        Assert.Contains("b", life.Granted.Take(4).Select(granted => granted.Key));
    }

    private static void AssertHeld(Life life, WorkflowLimit limit, Func<PermitWaiter, bool> counts)
    {
        if (limit.Span is null)
        {
            foreach (var running in life.Moments)
            {
                foreach (var group in running.Where(counts).GroupBy(waiter => limit.PerKey ? waiter.Key : ""))
                {
                    Assert.InRange(group.Count(), 0, limit.Count);
                }
            }

            return;
        }

        // At most the full bucket at once, plus what is refilled meanwhile.
        foreach (
            var group in life
                .Begun.Where(begun => counts(begun.Waiter))
                .GroupBy(begun => limit.PerKey ? begun.Waiter.Key : "")
        )
        {
            var begun = group.Select(each => each.At).ToList();
            for (var from = 0; from < begun.Count; from++)
            {
                for (var to = from; to < begun.Count; to++)
                {
                    var flown = (begun[to] - begun[from]) / limit.Span.Value * limit.Count;
                    Assert.True(to - from + 1 <= limit.Count + flown + 0.001);
                }
            }
        }
    }

    private static void ForAllLives(Action<Life> law) =>
        Prop.ForAll(
                Arb.From(from limits in AnyLimits from turns in AnyTurn.ArrayOf(40) select (limits, turns)),
                sample =>
                {
                    var life = new Life(sample.limits);
                    foreach (var turn in sample.turns)
                    {
                        life.Turn(turn);
                    }

                    law(life);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private sealed record Turn(int Seconds, (string Key, string State)[] Comes, int Ends, int Most);

    /// <summary>The waiting and the running workflows, turn by turn.</summary>
    private sealed class Life(LimitSet limits)
    {
        private readonly List<PermitWaiter> running = [];
        private LimitPosition position = LimitPosition.Beginning;
        private DateTimeOffset now = Begin;
        private long last;

        public LimitSet Limits { get; } = limits;

        public List<PermitWaiter> Waiting { get; } = [];

        public List<PermitWaiter> Granted { get; } = [];

        public List<(PermitWaiter Waiter, DateTimeOffset At)> Begun { get; } = [];

        public List<PermitWaiter[]> Moments { get; } = [];

        public void Turn(Turn turn)
        {
            now = now.AddSeconds(turn.Seconds);
            running.RemoveRange(0, int.Min(turn.Ends, running.Count));
            Waiting.AddRange(turn.Comes.Select(comes => new PermitWaiter(++last, comes.State, comes.Key, now, 0)));
            var grant = LimitRule.Decide(
                Limits,
                [.. running.Select(waiter => new UsedPermit(waiter.State, waiter.Key))],
                [
                    .. Waiting
                        .GroupBy(waiter => (waiter.State, waiter.Key))
                        .SelectMany(lane => lane.Select((waiter, rank) => waiter with { Rank = rank })),
                ],
                position,
                now,
                turn.Most
            );
            position = grant.After;
            foreach (var id in grant.Granted)
            {
                var waiter = Waiting.Single(each => each.Id == id);
                Waiting.Remove(waiter);
                running.Add(waiter);
                Granted.Add(waiter);
                Begun.Add((waiter, now));
            }

            Moments.Add([.. running]);
        }
    }
}
