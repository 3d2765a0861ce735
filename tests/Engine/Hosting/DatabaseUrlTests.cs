using System.Data.Common;
using GopherFlow.Hosting;
using GopherFlow.Settings;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Engine.Tests.Hosting;

/// <summary>Database URLs and connection strings, and hiding the password in them.</summary>
public sealed class DatabaseUrlTests
{
    private const string Secret = "hunter2";

    [Theory]
    [InlineData(
        "postgres://gopher:hunter2@db.example:5433/flow",
        "Host=db.example;Port=5433;Username=gopher;Password=hunter2;Database=flow"
    )]
    [InlineData("postgresql://gopher@db.example/flow", "Host=db.example;Username=gopher;Database=flow")]
    [InlineData("postgres://db.example", "Host=db.example")]
    [InlineData("POSTGRES://[::1]:5433/flow", "Host=::1;Port=5433;Database=flow")]
    [InlineData(
        "postgres://a%40b:p%3A%2F%3F%23%40%25%3B%3D'%22@h/d%20e",
        "Host=h;Username=a@b;Password=\"p:/?#@%;='\"\"\";Database=d e"
    )]
    [InlineData("postgres://u:p:q@r@h/d", "Host=h;Username=u;Password=p:q@r;Database=d")]
    [InlineData(
        "postgres://h/d?sslmode=verify-full&application_name=x%20y&search_path=flow",
        "Host=h;Database=d;SSL Mode=verifyfull;Application Name=x y;Search Path=flow"
    )]
    [InlineData("Host=h;Username=u;Password=hunter2;Database=d", "Host=h;Username=u;Password=hunter2;Database=d")]
    [InlineData("Host=h;Password=a://b", "Host=h;Password=a://b")]
    public void Postgres(string text, string expected) => AssertReads(PostgresRegistration.Keys, text, expected);

    [Theory]
    [InlineData(
        "mysql://gopher:hunter2@db.example:3307/flow",
        "Server=db.example;Port=3307;User ID=gopher;Password=hunter2;Database=flow"
    )]
    [InlineData("mariadb://h/d?sslmode=disable&charset=utf8mb4", "Server=h;Database=d;SslMode=None;CharSet=utf8mb4")]
    [InlineData("Server=h;User ID=u", "Server=h;User ID=u")]
    public void MySql(string text, string expected) => AssertReads(MySqlRegistration.Keys, text, expected);

    [Theory]
    [InlineData("mysql://gopher:hunter2@h/d", "begins with none of postgres://, postgresql://")]
    [InlineData("hunter2://h/d", "begins with none of")]
    [InlineData("postgres://u:hunter2@/d", "names no host")]
    [InlineData("postgres://u:hunter2@h:0/d", "port")]
    [InlineData("postgres://u:hunter2/x@h/d", "port")]
    [InlineData("postgres://u:hunter2%zz@h/d", "a password with a '%'")]
    [InlineData("postgres://u:x?hunter2@h/d", "port")]
    [InlineData("postgres://h/d?hunter2=1", "driver does not take")]
    [InlineData("postgres://h/d?sslmode=hunter2", "driver does not take")]
    [InlineData("postgres://h/d?=hunter2", "parameter without a name")]
    [InlineData("hunter2", "neither a URL nor a connection string")]
    [InlineData("Host=h;Password=a;hunter2", "neither a URL nor a connection string")]
    [InlineData("Host=h;Password=a;hunter2=1", "driver does not take")]
    [InlineData("Username=u;Password=hunter2", "names no host")]
    public void The_error_for_an_invalid_URL_shows_no_part_of_it(string text, string fault)
    {
        Assert.False(DatabaseUrl.TryParse(PostgresRegistration.Keys, text, out var url, out var found));
        Assert.Null(url);
        Assert.Contains(fault, found, StringComparison.Ordinal);

        var refusal = Assert.Throws<InvalidSettingsException>(() => Read("POSTGRES", text));
        Assert.Contains("GFLOW_DATABASE_URL", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POSTGRES", "postgres://")]
    [InlineData("MYSQL", "mysql://")]
    public void The_URL_is_required_for_a_database_server(string type, string form)
    {
        var refusal = Assert.Throws<InvalidSettingsException>(() => Read(type, null));

        Assert.Contains("GFLOW_DATABASE_URL is not set", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(form, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_URL_is_ignored_without_a_database_server() => Read("SQLITE", "nonsense");

    [Fact]
    public void ToString_hides_the_password()
    {
        Assert.True(DatabaseUrl.TryParse(PostgresRegistration.Keys, $"postgres://u:{Secret}@h/d", out var url, out _));

        Assert.Contains(Secret, url.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{url}", StringComparison.Ordinal);
    }

    private static void AssertReads(DriverKeys type, string text, string expected)
    {
        Assert.True(DatabaseUrl.TryParse(type, text, out var url, out var fault), fault);
        Assert.True(
            new DbConnectionStringBuilder { ConnectionString = expected }.EquivalentTo(
                new DbConnectionStringBuilder { ConnectionString = url.ConnectionString }
            ),
            url.ConnectionString
        );
    }

    private static void Read(string type, string? url)
    {
        var settings = new SettingsReader(name =>
            name switch
            {
                "GFLOW_DATABASE_TYPE" => type,
                "GFLOW_DATABASE_URL" => url,
                _ => null,
            }
        );
        new GopherFlowRegistration().UseSqlite().UsePostgres().UseMySql().ReadSettings(settings);
        settings.ThrowIfFaulty();
    }
}
