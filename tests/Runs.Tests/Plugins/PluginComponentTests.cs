using System.Text;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Runs.Plugins;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Runs.Tests.Plugins;

/// <summary>
/// Components out of a plugin's assemblies: read like built-in ones, and wrong ones are refused in one line.
/// </summary>
public sealed class PluginComponentTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Plugin => Directory.CreateDirectory(_folder.File("plugin")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_of_option_is_read_back_as_it_was_written()
    {
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)));
        var defaults = ConfigurationLoader.Load([], [], Plugin);
        AssertReadBack(defaults);

        var changed = ConfigurationLoader.Load(
            [],
            [
                "involute.task.start=-0.5", "involute.task.whole=5", "involute.task.limit=3",
                "involute.task.colour=light",
                "involute.task.flag=true", "involute.task.text=\"x # y\"", "involute.task.items=[]",
            ],
            Plugin);
        var task = Assert.IsType<SlopeOptions>(changed.Task, exactMatch: false);
        Assert.Equal((-0.5, 5, 3, SlopeOptions.Shade.Light), (task.Start, task.Whole, task.Limit, task.Colour));
        Assert.Equal((true, "x # y", 0), (task.Flag, task.Text, task.Items.Count));
        AssertReadBack(changed);
        Assert.NotEqual(defaults.IdentitySha256(), changed.IdentitySha256());
    }

    [Theory]
    [InlineData("start = 11", "involute.task.start: '11' is out of range; allowed: a number at least -10 and at most 10")]
    [InlineData("start = eleven", "involute.task.start: 'eleven' is not a number; ")]
    [InlineData("whole = 0", "involute.task.whole: '0' is out of range; allowed: a whole number from 1 to 5")]
    [InlineData("limit = -1", "involute.task.limit: '-1' is out of range; allowed: off, or a number greater than 0")]
    [InlineData("colour = drak", "involute.task.colour: unknown value 'drak'; allowed: light, very-dark")]
    [InlineData("flag = yes", "involute.task.flag: 'yes' is neither true nor false; allowed: true, false")]
    [InlineData(
        "items = [1, 2, 3, 4]", "involute.task.items: a list is not an allowed list; allowed: a list of at most 3, ")]
    [InlineData("items = [1, 0]", "involute.task.items[1]: '0' is out of range; ")]
    [InlineData("strat = 1", "involute.task.strat: unknown key (did you mean 'start'?); allowed: name, start, whole, limit, ")]
    [InlineData("flag = true", "involute.task.limit: a flag needs a limit; allowed: a number")]
    public void A_wrong_option_is_named_with_its_file_and_line(string option, string expected)
    {
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)));
        var file = _folder.File("a.conf");
        File.WriteAllText(file, $"involute.task {{\n  name = mine\n\n  {option}\n}}\n", Encoding.UTF8);
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([file], [], Plugin)).Message;
        var line = option == "flag = true" ? "" : $"{file}:4: ";
        Assert.StartsWith(line, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_name_that_a_built_in_component_has_is_refused()
    {
        Emit(new EmittedComponent("quadratic", typeof(SlopeOptions)));
        AssertRefused("two tasks are called 'quadratic': Involute.Tasks.InnerTasks.QuadraticOptions and mine.Options0");
    }

    [Fact]
    public void Both_plugins_whose_names_clash_with_built_in_ones_are_refused_by_the_first_in_order()
    {
        EmittedComponent.Write(Plugin, "one", new EmittedComponent("quadratic", typeof(SlopeOptions)));
        EmittedComponent.Write(Plugin, "two", new EmittedComponent("image-mlp", typeof(SlopeOptions)));
        AssertRefused("two tasks are called 'quadratic': Involute.Tasks.InnerTasks.QuadraticOptions and one.Options0");
    }

    [Fact]
    public void Two_assemblies_with_one_name_are_refused()
    {
        EmittedComponent.Write(Plugin, "one", new EmittedComponent("same", typeof(SlopeOptions)));
        EmittedComponent.Write(Plugin, "two", new EmittedComponent("same", typeof(SlopeOptions)));
        AssertRefused("two tasks are called 'same': one.Options0 and two.Options0");
    }

    [Fact]
    public void A_clash_of_an_alias_names_the_alias()
    {
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)) { Aliases = ["other", "quadratic"] });
        AssertRefused("two tasks are called 'quadratic': ");
    }

    [Fact]
    public void A_name_of_another_kind_is_free()
    {
        Emit(new EmittedComponent("adam", typeof(SlopeOptions)));
        Assert.Equal("adam", ConfigurationLoader.Load([], [], Plugin).Task.Name);
    }

    [Theory]
    [InlineData("Not A Name")]
    [InlineData("")]
    [InlineData("a23456789012345678901234567890123456789-1")]
    public void Names_and_aliases_that_a_configuration_cannot_have_are_refused(string name)
    {
        Emit(new EmittedComponent(name, typeof(SlopeOptions)));
        AssertRefused($"mine.Options0 has the name '{name}'; allowed: ");
        Emit(new EmittedComponent("fine", typeof(SlopeOptions)) { Aliases = [name] });
        AssertRefused($"mine.Options0 has the name '{name}'; allowed: ");
    }

    [Fact]
    public void A_component_without_a_constructor_is_refused_also_beside_others()
    {
        Emit(
            new EmittedComponent("fine", typeof(SlopeOptions)),
            new EmittedComponent("mine", typeof(SlopeOptions)) { HasConstructor = false });
        AssertRefused("mine.Options1 describes no component: it has no public constructor without parameters");
    }

    [Fact]
    public void A_record_without_the_attribute_is_refused()
    {
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)) { HasAttribute = false });
        AssertRefused(
            "mine.Options0 describes no component: ArgumentException: mine.Options0 has no [Component] attribute");
    }

    [Theory]
    [InlineData(typeof(FaultyOptions.Unsupported), "Unsupported.Day: no option can be a DateTime")]
    [InlineData(typeof(FaultyOptions.WithoutSetter), "WithoutSetter.Fixed: an option needs a setter (init)")]
    [InlineData(typeof(FaultyOptions.KeyTwice), "two options have the key 'start'")]
    [InlineData(typeof(FaultyOptions.KeyOfTheName), "an option has the key 'name', which the task's name has")]
    [InlineData(typeof(FaultyOptions.KeyThatIsNone), "an option has the key 'two words'; allowed: ")]
    [InlineData(typeof(FaultyOptions.ThrowingConstructor), "InvalidOperationException: on purpose")]
    public void A_record_that_describes_no_component_is_refused_when_the_folder_is_read(Type options, string expected)
    {
        Emit(new EmittedComponent("mine", options));
        AssertRefused("mine.Options0 describes no component: ", expected);
        Assert.Throws<PluginException>(() => ConfigurationLoader.Catalogue(Plugin));
    }

    [Theory]
    [InlineData(typeof(FaultyOptions.NullText), "the defaults of task mine: missing: null is not a value; ")]
    [InlineData(
        typeof(FaultyOptions.NoWord),
        "the defaults of task mine: other: '7' is not one of its values; allowed: light, very-dark")]
    [InlineData(typeof(FaultyOptions.OutOfRange), "the defaults of task mine: involute.task.size: '0' is out of range; ")]
    public void A_default_that_is_not_allowed_is_refused_when_the_component_is_chosen(Type options, string expected)
    {
        Emit(new EmittedComponent("mine", options));
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], [], Plugin)).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData(typeof(FaultyOptions.ThrowingSetter), "refuses its options: InvalidOperationException: on purpose")]
    [InlineData(typeof(FaultyOptions.ThrowingCheck), "cannot be checked: InvalidOperationException: on purpose")]
    [InlineData(typeof(FaultyOptions.ThrowingCreate), "cannot be made: InvalidOperationException: on purpose")]
    [InlineData(typeof(FaultyOptions.NullCreate), "cannot be made: InvalidOperationException: its method returns null")]
    public void What_a_components_code_throws_is_said_of_the_component(Type options, string expected)
    {
        Emit(new EmittedComponent("mine", options));
        AssertRefused($"task mine {expected}");
    }

    [Fact]
    public void Data_that_cannot_be_read_are_no_mistake_of_the_plugin()
    {
        Emit(new EmittedComponent("mine", typeof(FaultyOptions.WithoutData)));
        var configuration = ConfigurationLoader.Load([], [], Plugin);
        Assert.Equal("no data", Assert.Throws<InvalidDataException>(() => PlanFactory.Create(configuration)).Message);
        Assert.Equal((null, null, "no data"), RunReader.TryCompute(configuration));
    }

    [Fact]
    public void What_a_components_code_throws_in_the_trial_is_said_of_the_plugin()
    {
        Emit(new EmittedComponent("mine", typeof(FaultyOptions.ThrowingUnroll)));
        var configuration = ConfigurationLoader.Load([], [], Plugin);
        var plan = PlanFactory.Create(configuration);

        var refusal = Assert.Throws<PluginException>(() => ThisComputation.Of(configuration, plan));

        Assert.Equal(
            $"plugin {Plugin}: a trial of the plan fails: InvalidOperationException: on purpose", refusal.Message);
    }

    [Fact]
    public void The_build_that_computes_is_recorded_even_if_the_folder_has_another_by_now()
    {
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)));
        var configuration = ConfigurationLoader.Load([], [], Plugin);
        var plan = PlanFactory.Create(configuration);
        var before = ThisComputation.Of(configuration, plan);
        Emit(new EmittedComponent("mine", typeof(SlopeOptions)), new EmittedComponent("more", typeof(SlopeOptions)));

        Assert.Equal(before, ThisComputation.Of(configuration, plan));

        var rebuilt = ConfigurationLoader.Load([], ["involute.task=mine"], Plugin);
        Assert.NotEqual(before.Modules, ThisComputation.Of(rebuilt, PlanFactory.Create(rebuilt)).Modules);
    }

    private static void AssertReadBack(RunConfiguration configuration)
    {
        var again = ConfigurationLoader.Parse(configuration.ToHocon(), "x");
        Assert.Equal(configuration.ToHocon(), again.ToHocon());
        Assert.Equal(configuration.IdentitySha256(), again.IdentitySha256());
    }

    private void Emit(params EmittedComponent[] components) => EmittedComponent.Write(Plugin, "mine", components);

    private void AssertRefused(params string[] parts)
    {
        var message =
            Assert.Throws<PluginException>(() => PlanFactory.Create(ConfigurationLoader.Load([], [], Plugin))).Message;
        Assert.StartsWith($"plugin {Plugin}: ", message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }
}
