using GopherFlow.Settings;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Warnings for unknown setting names.</summary>
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
    public void The_closest_name_is_suggested(string name, string meant) =>
        Assert.Equal($"{name} is not a setting; did you mean {meant}?", Assert.Single(WarningsFor(name)));

    [Fact]
    public void Without_a_close_name_none_is_suggested() =>
        Assert.Equal(
            "GFLOW_ZZZ is not a setting, and no setting has a similar name.",
            Assert.Single(WarningsFor("GFLOW_ZZZ"))
        );

    [Theory]
    [InlineData("GFLOW_ENGINE_LEASE")]
    [InlineData("gflow_engine_lease")]
    [InlineData("GFLOW_TEST_POSTGRES")]
    [InlineData("GFLOW_BENCH_MARIADB")]
    [InlineData("EXECUTOR_NAME")]
    [InlineData("PATH")]
    public void Known_names_and_names_without_our_prefix_are_ignored(string name) => Assert.Empty(WarningsFor(name));

    [Fact]
    public void Settings_read_by_the_application_are_known_and_can_be_suggested()
    {
        var settings = new SettingsReader(_ => null);
        settings.OptionalText("GFLOW_SHOP_CURRENCY");

        Assert.Equal(
            ["GFLOW_SHOP_CURENCY is not a setting; did you mean GFLOW_SHOP_CURRENCY?"],
            KnownSettings.WarningsFor(["GFLOW_SHOP_CURRENCY", "GFLOW_SHOP_CURENCY"], settings.Asked)
        );
    }

    [Fact]
    public void Each_name_is_reported_once() => Assert.Single(WarningsFor("GFLOW_X", "gflow_x"));

    private static IReadOnlyList<string> WarningsFor(params string[] names) => KnownSettings.WarningsFor(names, []);
}
