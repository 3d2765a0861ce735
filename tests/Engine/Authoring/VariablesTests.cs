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
    public void A_missing_variable_is_refused_by_name_with_those_that_are_there()
    {
        var variables = Variables.Parse("""{"price":3,"customer":"ada"}""");
        var fault = Assert.Throws<VariableException>(() => variables.Get<decimal>("paid"));
        Assert.Equal(
            ("paid", "There is no variable 'paid' to read as Decimal; there are price, customer."),
            (fault.Variable, fault.Message)
        );
    }

    [Fact]
    public void Of_many_variables_a_few_are_named()
    {
        var variables = Variables.Parse("""{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7}""");
        var fault = Assert.Throws<VariableException>(() => variables.Get<int?>("x"));
        Assert.Equal("There is no variable 'x' to read as Int32?; there are a, b, c, d, e and 2 more.", fault.Message);
    }

    [Fact]
    public void Without_any_variables_the_refusal_says_so()
    {
        var fault = Assert.Throws<VariableException>(() => new Variables().Get<List<string>>("x"));
        Assert.Equal("There is no variable 'x' to read as List<String>; the workflow has no variables.", fault.Message);
    }

    [Fact]
    public void A_variable_that_is_null_is_refused()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"x":null}""").Get<string>("x"));
        Assert.Equal("Variable 'x' is null, which cannot be read as String.", fault.Message);
    }

    [Theory]
    [InlineData("{}", 7)]
    [InlineData("""{"x":null}""", 7)]
    [InlineData("""{"x":0}""", 0)]
    public void What_is_missing_or_null_can_have_a_fallback(string json, int expected) =>
        Assert.Equal(expected, Variables.Parse(json).Get("x", 7));

    [Fact]
    public void Asking_for_a_variable_tells_whether_it_is_there()
    {
        var variables = Variables.Parse("""{"there":3}""");
        Assert.True(variables.TryGet<int>("there", out var there));
        Assert.Equal(3, there);
        Assert.False(variables.TryGet<int>("gone", out _));
    }

    [Fact]
    public void A_variable_of_another_shape_is_refused_by_name()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"age":"öld"}""").Get<int>("age"));
        Assert.StartsWith("Variable 'age' cannot be read as Int32: it is \"öld\". The JSON value", fault.Message);
        Assert.IsType<JsonException>(fault.InnerException);
    }

    [Fact]
    public void A_fallback_does_not_hide_a_variable_of_another_shape() =>
        Assert.Throws<VariableException>(() => Variables.Parse("""{"age":"old"}""").Get("age", 3));

    [Fact]
    public void A_type_that_cannot_be_made_is_refused_by_name()
    {
        var fault = Assert.Throws<VariableException>(() => Variables.Parse("""{"x":{}}""").Get<IDisposable>("x"));
        Assert.StartsWith("Variable 'x' cannot be read as IDisposable: it is {}. ", fault.Message);
    }

    [Fact]
    public void Of_a_long_value_80_characters_are_shown()
    {
        var variables = new Variables { ["x"] = new string('ä', 100) };
        var fault = Assert.Throws<VariableException>(() => variables.Get<int>("x"));
        Assert.Contains($"it is \"{new string('ä', 79)}…. ", fault.Message);
    }

    [Fact]
    public void Of_a_long_name_80_characters_are_shown_and_no_half_of_one()
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
    public void An_enum_that_was_written_as_a_number_is_read() =>
        Assert.Equal(DayOfWeek.Friday, Variables.Parse("""{"day":5}""").Get<DayOfWeek>("day"));

    [Fact]
    public void Values_go_through_the_serializer_that_is_given()
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
