using System.Text;
using Involute.Processes.Frames;
using Xunit;

namespace Involute.Processes.Tests;

public sealed class GreetingReaderTests
{
    private const string Good =
        """{"name":"p", "theta":[{"name":"a","shape":[2,2],"initial":[1,2,3,4],"unit":"m"},{"name":"b","shape":[],"initial":-1}], "stateBytes":32, "lanes":7}""";

    [Fact]
    public void A_greeting_is_read_and_what_it_leaves_out_has_a_default()
    {
        var greeting = Read(Good);

        Assert.Equal("p", greeting.Name);
        Assert.Equal(["a", "b"], greeting.Layout.Slices.Select(slice => slice.Name));
        Assert.Equal([1f, 2, 3, 4, -1], greeting.Initial);
        Assert.Equal("m", greeting.Tensors[0].Unit);
        Assert.Equal((32, false, 1e30, 7, false, ""), (
            greeting.StateBytes, greeting.StateVaries, greeting.Ceiling, greeting.Lanes, greeting.Evaluates, greeting.About));
        Assert.Null(Read(Good).DifferenceFrom(greeting));
    }

    [Theory]
    [InlineData("", "is no JSON (line 1, byte 1)")]
    [InlineData("{", "is no JSON (line 1, byte 2)")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{\"name\":\"p\"}", "has no theta")]
    [InlineData("{\"theta\":[]}", "has no theta")]
    [InlineData("{\"\\ud800\":1}", "has a name that is no text")]
    [InlineData("{\"theta\":[3]}", "has a theta[0] that is no JSON object")]
    public void A_greeting_that_is_none_is_refused(string json, string problem) =>
        Assert.StartsWith(problem, Refusal(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"name\":\"p\", ", "", "has no name")]
    [InlineData("\"p\"", "\"\"", "has an empty name")]
    [InlineData("\"p\"", "\"p\\u202e\"", "has a name with control characters")]
    [InlineData("\"p\"", "3", "has a name that is no text")]
    [InlineData("\"p\"", "\"a\\nb\"", "has a name with control characters")]
    [InlineData("\"p\"", "\"\\ud800\"", "has a name that is no text")]
    [InlineData("\"b\"", "\"a\"", "has two tensors of theta with the name 'a'")]
    [InlineData("[2,2]", "[2,0]", "has the size 0 in the shape of 'a'")]
    [InlineData("[2,2]", "[-2,-2]", "has the size -2 in the shape of 'a'")]
    [InlineData("[2,2]", "4", "has no shape for 'a'")]
    [InlineData("[2,2]", "[2,3]", "has 4 initial numbers for 'a', whose shape has 6")]
    [InlineData("[2,2]", "[2147483647,2147483647]", "has more than 268435456 numbers in theta")]
    [InlineData("[1,2,3,4]", "[1,2,3,1e99]", "has the initial value 1e99 for 'a'")]
    [InlineData("[1,2,3,4]", "[1,2,3,null]", "has the initial value null for 'a'")]
    [InlineData("[1,2,3,4]", "null", "has no initial value for 'a'")]
    [InlineData("[1,2,3,4]", "NaN", "is no JSON")]
    [InlineData("\"stateBytes\":32, ", "", "has no stateBytes")]
    [InlineData("32", "-1", "has stateBytes = -1; allowed: a whole number from 0 to 1073741824")]
    [InlineData("32", "1073741825", "has stateBytes = 1073741825")]
    [InlineData("32", "3.5", "has stateBytes = 3.5")]
    [InlineData("32", "\"32\"", "has stateBytes = \"32\"")]
    [InlineData(":7", ":0", "has lanes = 0")]
    [InlineData(":7", ":7, \"ceiling\":1e999", "has the ceiling 1e999; allowed: a finite number above 0")]
    [InlineData(":7", ":7, \"ceiling\":-1", "has the ceiling -1")]
    [InlineData(":7", ":7, \"ceiling\":NaN", "is no JSON")]
    [InlineData(":7", ":7, \"stateVaries\":1", "has stateVaries = 1; allowed: true, false")]
    [InlineData(":7", ":7, \"evaluates\":\"no\"", "has evaluates = \"no\"")]
    [InlineData(":7", ":7, \"about\":[]", "has a about that is no text")]
    public void What_no_problem_can_be_is_refused(string from, string to, string problem) =>
        Assert.StartsWith(problem, Refusal(Good.Replace(from, to, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"p\"", "\"q\"", "name")]
    [InlineData("\"m\"", "\"s\"", "theta")]
    [InlineData("[2,2]", "[4]", "theta")]
    [InlineData("-1", "-2", "initial")]
    [InlineData("32", "33", "stateBytes")]
    [InlineData(":7", ":8", "lanes")]
    [InlineData(":7", ":7, \"stateVaries\":true", "stateVaries")]
    [InlineData(":7", ":7, \"ceiling\":5", "ceiling")]
    [InlineData(":7", ":7, \"evaluates\":true", "evaluates")]
    [InlineData(":7", ":7, \"about\":\"x\"", "about")]
    public void Two_greetings_are_compared(string from, string to, string difference) => Assert.Equal(
        difference, Read(Good.Replace(from, to, StringComparison.Ordinal)).DifferenceFrom(Read(Good)));

    private static ChildGreeting Read(string json) => GreetingReader.Read(Encoding.UTF8.GetBytes(json));

    private static string Refusal(string json) => Assert.Throws<FormatException>(() => Read(json)).Message;
}
