using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;

namespace GopherFlow.Engine.Tests.Authoring;

/// <summary>The delays between attempts.</summary>
public sealed class RetryPolicyTests
{
    /// <summary>The factor 2^retries overflows to infinity, and zero times infinity is NaN.</summary>
    [Fact]
    public void A_delay_of_zero_stays_zero_after_thousands_of_retries() =>
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
    public void Linear_delays_match_the_Go_system(int retriesBefore, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TenInAnHour.DelayBefore(retriesBefore, random: 0.7));

    [Theory]
    [InlineData(0, 0.0, 0.5)]
    [InlineData(0, 1.0, 1)]
    [InlineData(1, 1.0, 2)]
    [InlineData(3, 0.0, 4)]
    [InlineData(5, 1.0, 20)]
    public void Exponential_delays_double_and_the_upper_half_is_random(int retriesBefore, double random, double seconds)
    {
        var policy = RetryPolicy.Exponential(9, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(seconds), policy.DelayBefore(retriesBefore, random));
    }

    [Fact]
    public void Delays_are_never_negative_and_never_above_the_maximum() =>
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
