using System.Text;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>One setting of an effective configuration.</summary>
/// <param name="Key">Full path.</param>
/// <param name="Text">The value, as it reads back.</param>
/// <param name="IdentityText">The value, as a run's identity has it.</param>
/// <param name="IsIdentity">Whether it decides theta.</param>
/// <param name="MayChange">Whether it may change when a run is resumed.</param>
internal sealed record EffectiveSetting(string Key, string Text, string IdentityText, bool IsIdentity, bool MayChange)
{
    /// <summary>Whether it may change while a run goes on, and decides no number.</summary>
    public bool MayChangeInRun { get; init; }

    /// <summary>Whether it may change from an outer step on, which the ledger names.</summary>
    public bool MayChangeAtStep { get; init; }

    /// <summary>Full path in a run's identity, and in the tree that is read: always within the component's block.</summary>
    public string IdentityKey { get; init; } = Key;

    /// <summary>Key and value.</summary>
    public Setting Shown => new(Key, Text);
}

/// <summary>Writes a configuration: every key once, in one order; equal configurations are equal texts.</summary>
internal static class ConfigurationText
{
    /// <summary>All keys with their values; the keys of a block stand together.</summary>
    public static IEnumerable<EffectiveSetting> Settings(RunConfiguration configuration)
    {
        foreach (var entry in ConfigurationSchema.Entries)
        {
            if (entry.Option is { } single)
            {
                yield return One(single.Key, single, configuration);
                continue;
            }

            var options = entry.Property.GetValue(configuration)!;
            if (entry.Kind is { } kind)
            {
                var component = Component.Of(options.GetType());
                yield return new EffectiveSetting(
                    $"{ConfigurationLayers.Root}.{entry.Key}.{kind.NameKey}", component.Name, component.Name,
                    entry.Block!.IsIdentity, MayChange: false);
                foreach (var option in component.Options)
                {
                    yield return One($"{entry.Key}.{option.Key}", option, options);
                }
            }

            foreach (var option in entry.Options)
            {
                yield return One($"{entry.Key}.{option.Key}", option, options);
            }
        }
    }

    /// <summary>The whole text, with line feeds only.</summary>
    public static string Write(RunConfiguration configuration)
    {
        var text = new StringBuilder(ConfigurationLayers.Root).Append(" {\n");
        string? open = null;
        foreach (var setting in Settings(configuration))
        {
            var parts = setting.Key.Split('.');
            var block = parts.Length == 3 ? parts[1] : null;
            if (block != open)
            {
                text.Append(open is null ? "" : "  }\n");
                text.Append(block is null ? "" : $"  {block} {{\n");
                open = block;
            }

            var indent = block is null ? "  " : "    ";
            text.Append(indent).Append(parts[^1]).Append(" = ").Append(setting.Text).Append('\n');
        }

        text.Append(open is null ? "}\n" : "  }\n}\n");
        return text.Append(configuration.Akka).ToString();
    }

    private static EffectiveSetting One(string path, OptionDescription option, object options)
    {
        var value = option.Get(options);
        var text = OptionNode.Text(option, value);
        var place = option.Block is { } block ? $"{block.Key}.{option.Key}" : path;
        return new EffectiveSetting(
            $"{ConfigurationLayers.Root}.{place}", text, OptionNode.IdentityText(option, value),
            IsIdentity: !option.MayChange && text != option.WhenMissing, option.MayChange)
        {
            IdentityKey = $"{ConfigurationLayers.Root}.{path}",
            MayChangeInRun = option.MayChangeInRun,
            MayChangeAtStep = option.MayChangeAtStep,
        };
    }
}
