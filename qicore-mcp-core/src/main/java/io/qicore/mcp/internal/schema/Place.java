package io.qicore.mcp.internal.schema;

/**
 * Where in the arguments or the result a type stands, for messages.
 *
 * @param owner the class that declares the component
 * @param path the names of the components from the root, joined by dots; empty at the root
 */
record Place(Class<?> owner, String path) {

    static Place root(Class<?> type) {
        return new Place(type, "");
    }

    Place component(Class<?> declaring, String name) {
        return new Place(declaring, path.isEmpty() ? name : path + "." + name);
    }

    /** Returns the place of the items of this list, or of the values of this map. */
    Place content(String suffix) {
        return new Place(owner, path + suffix);
    }

    /** Returns the exception that names the component, what is wrong with it and the way out. */
    IllegalArgumentException fault(String what, String wayOut) {
        String subject = path.isEmpty() ? owner.getName() : "Component '" + path + "' of " + owner.getName();
        return new IllegalArgumentException(subject + ": " + what + ". " + wayOut);
    }
}
