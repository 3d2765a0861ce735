using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Property tests: with any events in any order and batches, parents count their open children correctly.</summary>
public sealed class FamilyLawTests
{
    private const int Events = 60;
    private const int PerBatch = 3;

    /// <summary>The number of kinds of events that happen to a member itself. Events from children follow from these.</summary>
    private const int OwnEvents = 12;

    private static readonly Gen<RandomEvent> Any =
        from who in Gen.Choose(0, 1000)
        from what in Gen.Choose(0, OwnEvents - 1)
        from detail in Gen.Choose(0, 1000)
        select new RandomEvent(who, what, detail);

    [Fact]
    public void Counts_are_correct_and_nothing_is_stuck() =>
        Prop.ForAll(Arb.From(Any.ArrayOf(Events)), randomEvents => CheckFamily(randomEvents))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void CheckFamily(IReadOnlyList<RandomEvent> randomEvents)
    {
        var family = new Family();
        foreach (var batch in randomEvents.Chunk(PerBatch))
        {
            family.Write(batch);
            foreach (var row in family.Rows.Values)
            {
                Assert.Equal(family.OpenChildrenOf(row.Id), row.OpenChildren);
                Assert.False(row.AwaitsChildren && row.OpenChildren == 0, $"{row} is stuck");
            }

            Assert.Equal(family.Recount(), family.Counts.Where(count => count.Value != 0).ToDictionary());
        }
    }

    private readonly record struct RandomEvent(int Who, int What, int Detail);

    private sealed class Family
    {
        private long lastId;

        public Family() => Insert(plan => plan.Create(Root));

        public Dictionary<long, WorkflowRecord> Rows { get; } = [];

        public Dictionary<CountKey, long> Counts { get; } = [];

        private static NewWorkflow Root =>
            new()
            {
                ExternalId = "root",
                WorkflowType = "Root",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Start",
                NextActivation = AnyWorkflow.Now,
                ClaimedBy = 1,
            };

        public int OpenChildrenOf(long id) =>
            Rows.Values.Count(row => row.ParentWorkflowId == id && !row.Status.IsFinal());

        public Dictionary<CountKey, long> Recount() =>
            Rows
                .Values.GroupBy(row => new CountKey(row.WorkflowType, row.Version, row.State, row.Status))
                .ToDictionary(same => same.Key, same => (long)same.Count());

        public void Write(IReadOnlyList<RandomEvent> batch) =>
            Insert(plan =>
            {
                foreach (var (who, what, detail) in batch)
                {
                    var row = plan.Find(1 + (who % lastId))!;
                    if (plan.Decide(row, AnyEvent.Of(row, what, detail)) is Ruling.Written ruling)
                    {
                        plan.Apply(row, ruling);
                    }
                }
            });

        private void Insert(Action<WritePlan> write)
        {
            var plan = new WritePlan(Rows, AnyWorkflow.Now);
            write(plan);
            foreach (var created in plan.NewRows)
            {
                created.Assign(++lastId);
                Rows.Add(lastId, created.Row);
            }

            var set = new RowSet(AnyWorkflow.Now, executorId: 1);
            plan.FillIn(set);
            foreach (var (_, after) in set.Running.Concat(set.Ended).Concat(set.Reopened).Concat(set.StillFinal))
            {
                Rows[after.Id] = after;
            }

            foreach (var (key, delta) in set.Counts.NonZero)
            {
                Counts[key] = Counts.GetValueOrDefault(key) + delta;
            }
        }
    }
}
