using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;

namespace GopherFlow.Engine.Tests.Authoring;

/// <summary>The delays between attempts.</summary>
public sealed class RetryPolicyTests
{
    /// <summary>Two to that power is beyond every number, and nothing times it is none.</summary>
    [Fact]
    public void Thousands_of_retries_without_a_delay_stay_without_one() =>
        Assert.Equal(
            TimeSpan.Zero,
            RetryPolicy.Exponential(5_000, TimeSpan.Zero, TimeSpan.FromHours(1)).DelayBefore(4_000, random: 0.5)
        );

    private static readonly RetryPolicy TenInAnHour = RetryPolicy.Linear(
        10,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(60)
    );

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 369)]
    [InlineData(2, 728)]
    [InlineData(3, 1087)]
    [InlineData(9, 3241)]
    [InlineData(10, 3600)]
    [InlineData(11, 3600)]
    public void Linear_delays_are_those_of_the_Go_system(int retriesBefore, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TenInAnHour.DelayBefore(retriesBefore, random: 0.7));

    [Theory]
    [InlineData(0, 0.0, 0.5)]
    [InlineData(0, 1.0, 1)]
    [InlineData(1, 1.0, 2)]
    [InlineData(3, 0.0, 4)]
    [InlineData(5, 1.0, 20)]
    public void Exponential_delays_double_and_the_upper_half_is_drawn(int retriesBefore, double random, double seconds)
    {
        var policy = RetryPolicy.Exponential(9, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(seconds), policy.DelayBefore(retriesBefore, random));
    }

    [Fact]
    public void No_delay_is_longer_than_the_longest_or_negative() =>
        Prop.ForAll(
                ArbMap
                    .Default.GeneratorFor<(
                        NonNegativeInt Max,
                        NonNegativeInt Min,
                        NonNegativeInt More,
                        NonNegativeInt Before
                    )>()
                    .ToArbitrary(),
                input =>
                {
                    var min = TimeSpan.FromSeconds(input.Min.Get);
                    var max = min + TimeSpan.FromSeconds(input.More.Get);
                    return new[]
                    {
                        RetryPolicy.Linear(input.Max.Get, min, max),
                        RetryPolicy.Exponential(input.Max.Get, min, max),
                    }.All(policy =>
                        policy.DelayBefore(input.Before.Get, 0.5) is var delay && delay >= TimeSpan.Zero && delay <= max
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Linear_delays_never_shrink() =>
        Prop.ForAll(
                ArbMap.Default.GeneratorFor<(PositiveInt Max, NonNegativeInt Before)>().ToArbitrary(),
                input =>
                {
                    var policy = RetryPolicy.Linear(input.Max.Get, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
                    return policy.DelayBefore(input.Before.Get, 0) <= policy.DelayBefore(input.Before.Get + 1, 0);
                }
            )
            .QuickCheckThrowOnFailure();
}
