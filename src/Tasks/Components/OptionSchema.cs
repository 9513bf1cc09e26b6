using System.Reflection;

namespace Involute.Tasks.Components;

/// <summary>The options of a record in the order in which they are written.</summary>
public static class OptionSchema
{
    /// <summary>
    /// Options of a type: those that it declares in the order of the source, then those of the record that it derives
    /// from; a group's in the place of its property.
    /// </summary>
    public static IReadOnlyList<OptionDescription> Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var options = new List<OptionDescription>();
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (var property in Properties(declaring))
            {
                if (property.GetCustomAttribute<OptionAttribute>() is { } option)
                {
                    options.Add(new OptionDescription(null, property, option));
                }
                else if (property.IsDefined(typeof(OptionGroupAttribute)))
                {
                    options.AddRange(Properties(property.PropertyType)
                        .Where(inner => inner.IsDefined(typeof(OptionAttribute)))
                        .Select(inner => new OptionDescription(
                            property, inner, inner.GetCustomAttribute<OptionAttribute>()!)));
                }
            }
        }

        return options;
    }

    /// <summary>The option that a property is, or null.</summary>
    public static OptionDescription? Of(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.GetCustomAttribute<OptionAttribute>() is { } option
            ? new OptionDescription(null, property, option)
            : null;
    }

    /// <summary>Public properties that a type itself declares, in the order of the source.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .OrderBy(property => property.MetadataToken);
}
