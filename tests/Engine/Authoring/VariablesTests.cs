using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Engine.Tests.Authoring;

/// <summary>The variables of a workflow.</summary>
public sealed class VariablesTests
{
    private sealed record Order(string Number, decimal Amount);

    [Fact]
    public void The_indexer_reads_and_writes_strings()
    {
        var variables = new Variables { ["name"] = "Jülian \"the\" 🦫" };
        Assert.Equal("Jülian \"the\" 🦫", Variables.Parse(variables.ToJson())["name"]);
    }

    [Fact]
    public void A_value_that_is_no_string_reads_as_its_JSON_text() =>
        Assert.Equal("""{"a":[1,true]}""", Variables.Parse("""{"x":{"a":[1,true]}}""")["x"]);

    [Fact]
    public void A_missing_variable_is_null() => Assert.Null(new Variables()["nothing"]);

    [Fact]
    public void Setting_null_removes()
    {
        var variables = Variables.Parse("""{"a":"1","b":"2"}""");
        variables["a"] = null;
        Assert.Equal("""{"b":"2"}""", variables.ToJson());
    }

    [Fact]
    public void Any_type_goes_in_and_comes_out()
    {
        var variables = new Variables();
        variables.Set("order", new Order("A-1", 12.5m));
        Assert.Equal(new Order("A-1", 12.5m), Variables.Parse(variables.ToJson()).Get<Order>("order"));
    }

    [Fact]
    public void A_variable_of_another_shape_is_refused_by_name()
    {
        var fault = Assert.Throws<JsonException>(() => Variables.Parse("""{"age":"old"}""").Get<int>("age"));
        Assert.Contains("'age'", fault.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("null")]
    public void Only_an_object_is_taken(string json) => Assert.Throws<JsonException>(() => Variables.Parse(json));

    [Fact]
    public void Reading_changes_nothing()
    {
        var variables = Variables.FromStore("""{ "a" : 1 }""");
        _ = variables["a"];
        Assert.False(variables.Changed);
        Assert.Equal("""{ "a" : 1 }""", variables.ToJson());
    }

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        var variables = new Variables();
        Assert.False(variables.Remove("a"));
        Assert.False(variables.Changed);
    }
}
