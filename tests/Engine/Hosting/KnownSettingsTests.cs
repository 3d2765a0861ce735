using GopherFlow.Settings;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Names of settings that mean nothing.</summary>
public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("GFLOW_BATCHSIZE", "GFLOW_ENGINE_BATCH_SIZE")]
    [InlineData("GFLOW_ENGINE_BATCHSIZE", "GFLOW_ENGINE_BATCH_SIZE")]
    [InlineData("GFLOW_DATABASE_SQLITE_FILE_NAME", "GFLOW_DATABASE_SQLLITE_FILE_NAME")]
    [InlineData("GFLOW_ENGINE_LEASES", "GFLOW_ENGINE_LEASE")]
    [InlineData("GFLOW_WEB_PORT", "GFLOW_ENGINE_SERVER_WEB_PORT")]
    [InlineData("GFLOW_SCRIPT_DIR", "GFLOW_SCRIPTS_DIR")]
    [InlineData("gflow_admin_pasword", "GFLOW_ADMIN_PASSWORD")]
    [InlineData("GFLOW_ADMIN_KEY", "GFLOW_ADMIN_API_KEY")]
    public void The_nearest_name_is_proposed(string name, string meant) =>
        Assert.Equal($"{name} is not a setting; did you mean {meant}?", Assert.Single(WarningsFor(name)));

    [Fact]
    public void Where_none_is_near_none_is_proposed() =>
        Assert.Equal(
            "GFLOW_ZZZ is not a setting, and none has a name like it.",
            Assert.Single(WarningsFor("GFLOW_ZZZ"))
        );

    [Theory]
    [InlineData("GFLOW_ENGINE_LEASE")]
    [InlineData("gflow_engine_lease")]
    [InlineData("GFLOW_TEST_POSTGRES")]
    [InlineData("GFLOW_BENCH_MARIADB")]
    [InlineData("EXECUTOR_NAME")]
    [InlineData("PATH")]
    public void What_is_known_or_not_ours_is_passed_over(string name) => Assert.Empty(WarningsFor(name));

    [Fact]
    public void What_the_application_has_read_is_known_and_may_be_meant()
    {
        var settings = new SettingsReader(_ => null);
        settings.OptionalText("GFLOW_SHOP_CURRENCY");

        Assert.Equal(
            ["GFLOW_SHOP_CURENCY is not a setting; did you mean GFLOW_SHOP_CURRENCY?"],
            KnownSettings.WarningsFor(["GFLOW_SHOP_CURRENCY", "GFLOW_SHOP_CURENCY"], settings.Asked)
        );
    }

    [Fact]
    public void Each_name_is_told_once() => Assert.Single(WarningsFor("GFLOW_X", "gflow_x"));

    private static IReadOnlyList<string> WarningsFor(params string[] names) => KnownSettings.WarningsFor(names, []);
}
