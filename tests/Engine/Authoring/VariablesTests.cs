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
    public void A_value_that_is_not_a_string_is_read_as_JSON_text() =>
        Assert.Equal("""{"a":[1,true]}""", Variables.Parse("""{"x":{"a":[1,true]}}""")["x"]);

    [Fact]
    public void A_missing_variable_is_null() => Assert.Null(new Variables()["nothing"]);

    [Fact]
    public void Setting_null_removes_the_variable()
    {
        var variables = Variables.Parse("""{"a":"1","b":"2"}""");
        variables["a"] = null;
        Assert.Equal("""{"b":"2"}""", variables.ToJson());
    }

    [Fact]
    public void Any_type_round_trips()
    {
        var variables = new Variables();
        variables.Set("order", new Order("A-1", 12.5m));
        Assert.Equal(new Order("A-1", 12.5m), Variables.Parse(variables.ToJson()).Get<Order>("order"));
    }

    [Fact]
    public void The_error_for_a_missing_variable_names_it_and_lists_the_existing_ones()
    {
        var variables = Variables.Parse("""{"price":3,"customer":"ada"}""");
        var fault = Assert.Throws<VariableException>(() => variables.Get<decimal>("paid"));
        Assert.Equal(
            ("paid", "There is no variable 'paid' to read as Decimal; there are price, customer."),
            (fault.Variable, fault.Message)
        );
    }

    [Fact]
    public void Only_five_of_many_variables_are_listed()
    {
        var variables = Variables.Parse("""{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7}""");
        var fault = Assert.Throws<VariableException>(() => variables.Get<int?>("x"));
        Assert.Equal("There is no variable 'x' to read as Int32?; there are a, b, c, d, e and 2 more.", fault.Message);
    }

    [Fact]
    public void The_error_says_when_the_workflow_has_no_variables()
    {
        var fault = Assert.Throws<VariableException>(() => new Variables().Get<List<string>>("x"));
        Assert.Equal("There is no variable 'x' to read as List<String>; the workflow has no variables.", fault.Message);
    }

    [Fact]
    public void Reading_a_null_variable_throws()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"x":null}""").Get<string>("x"));
        Assert.Equal("Variable 'x' is null, which cannot be read as String.", fault.Message);
    }

    [Theory]
    [InlineData("{}", 7)]
    [InlineData("""{"x":null}""", 7)]
    [InlineData("""{"x":0}""", 0)]
    public void A_missing_or_null_variable_gives_the_fallback(string json, int expected) =>
        Assert.Equal(expected, Variables.Parse(json).Get("x", 7));

    [Fact]
    public void TryGet_returns_whether_the_variable_exists()
    {
        var variables = Variables.Parse("""{"there":3}""");
        Assert.True(variables.TryGet<int>("there", out var there));
        Assert.Equal(3, there);
        Assert.False(variables.TryGet<int>("gone", out _));
    }

    [Fact]
    public void The_error_for_a_variable_of_the_wrong_shape_names_it()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"age":"öld"}""").Get<int>("age"));
        Assert.StartsWith("Variable 'age' cannot be read as Int32: it is \"öld\". The JSON value", fault.Message);
        Assert.IsType<JsonException>(fault.InnerException);
    }

    [Fact]
    public void A_fallback_does_not_hide_a_variable_of_the_wrong_shape() =>
        Assert.Throws<VariableException>(() => Variables.Parse("""{"age":"old"}""").Get("age", 3));

    [Fact]
    public void The_error_for_a_type_that_cannot_be_created_names_it()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"x":{}}""").Get<IDisposable>("x"));
        Assert.StartsWith("Variable 'x' cannot be read as IDisposable: it is {}. ", fault.Message);
    }

    [Fact]
    public void A_long_value_is_cut_to_80_characters_in_the_error()
    {
        var variables = new Variables { ["x"] = new string('ä', 100) };
        var fault = Assert.Throws<VariableException>(() => variables.Get<int>("x"));
        Assert.Contains($"it is \"{new string('ä', 79)}…. ", fault.Message);
    }

    [Fact]
    public void A_long_name_is_cut_to_80_characters_without_splitting_one()
    {
        var variables = new Variables { [new string('a', 79) + "🦫 and more"] = "" };
        var fault = Assert.Throws<VariableException>(() => variables.Get<int>("x"));
        Assert.EndsWith($"there is {new string('a', 79)}….", fault.Message);
    }

    [Fact]
    public void An_enum_is_written_by_name()
    {
        var variables = new Variables();
        variables.Set("day", DayOfWeek.Friday);
        Assert.Equal("""{"day":"Friday"}""", variables.ToJson());
        Assert.Equal(DayOfWeek.Friday, variables.Get<DayOfWeek>("day"));
    }

    [Fact]
    public void An_enum_written_as_a_number_can_be_read() =>
        Assert.Equal(DayOfWeek.Friday, Variables.Parse("""{"day":5}""").Get<DayOfWeek>("day"));

    [Fact]
    public void Values_use_the_given_serializer()
    {
        var upper = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper };
        var variables = new Variables(upper);
        variables.Set("order", new Order("A-1", 12.5m));
        Assert.Equal("""{"order":{"NUMBER":"A-1","AMOUNT":12.5}}""", variables.ToJson());
        Assert.Equal("A-1", Variables.Parse(variables.ToJson(), upper).Get<Order>("order").Number);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("null")]
    public void Only_a_JSON_object_is_accepted(string json) =>
        Assert.Throws<JsonException>(() => Variables.Parse(json));

    [Fact]
    public void Reading_changes_nothing()
    {
        var variables = Variables.FromStore("""{ "a" : 1 }""");
        _ = variables["a"];
        Assert.False(variables.Changed);
        Assert.Equal("""{ "a" : 1 }""", variables.ToJson());
    }

    [Fact]
    public void Removing_a_missing_variable_changes_nothing()
    {
        var variables = new Variables();
        Assert.False(variables.Remove("a"));
        Assert.False(variables.Changed);
    }
}
