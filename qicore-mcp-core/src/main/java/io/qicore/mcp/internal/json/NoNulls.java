package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.module.SimpleValueInstantiators;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Refuses values and keys that are not null in JSON, but that a factory method or a reader of keys turns into null. */
final class NoNulls extends SimpleModule {

    private static final long serialVersionUID = 1;

    NoNulls() {
        setDeserializerModifier(new BeanDeserializerModifier() {
            private static final long serialVersionUID = 1;

            @Override
            public KeyDeserializer modifyKeyDeserializer(
                    DeserializationConfig config, JavaType type, KeyDeserializer reader) {
                // Jackson has a faster way for its own reader of texts, which it must recognize.
                return type.hasRawClass(String.class) || type.hasRawClass(Object.class) ? reader : new Keys(reader);
            }
        });
        setValueInstantiators(new SimpleValueInstantiators() {
            private static final long serialVersionUID = 1;

            @Override
            public ValueInstantiator findValueInstantiator(
                    DeserializationConfig config, BeanDescription type, ValueInstantiator instantiator) {
                // Constructors do not return null.
                return type.getFactoryMethods().isEmpty() ? instantiator : new Values(instantiator);
            }
        });
    }

    private static final class Keys extends KeyDeserializer {

        private final KeyDeserializer reader;

        Keys(KeyDeserializer reader) {
            this.reader = reader;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            Object value = reader.deserializeKey(key, context);
            return value == null ? context.handleWeirdKey(Object.class, key, "it has no value") : value;
        }
    }

    private static final class Values extends ValueInstantiator.Delegating {

        private static final long serialVersionUID = 1;

        Values(ValueInstantiator instantiator) {
            super(instantiator);
        }

        @Override
        public ValueInstantiator createContextual(DeserializationContext context, BeanDescription type)
                throws com.fasterxml.jackson.databind.JsonMappingException {
            return new Values(delegate().createContextual(context, type));
        }

        @Override
        public boolean canCreateFromBigInteger() {
            return delegate().canCreateFromBigInteger();
        }

        @Override
        public boolean canCreateFromBigDecimal() {
            return delegate().canCreateFromBigDecimal();
        }

        @Override
        public Object createUsingDelegate(DeserializationContext context, Object value) throws IOException {
            return required(super.createUsingDelegate(context, value), context);
        }

        @Override
        public Object createUsingArrayDelegate(DeserializationContext context, Object value) throws IOException {
            return required(super.createUsingArrayDelegate(context, value), context);
        }

        @Override
        public Object createFromString(DeserializationContext context, String value) throws IOException {
            return required(super.createFromString(context, value), context);
        }

        @Override
        public Object createFromInt(DeserializationContext context, int value) throws IOException {
            return required(super.createFromInt(context, value), context);
        }

        @Override
        public Object createFromLong(DeserializationContext context, long value) throws IOException {
            return required(super.createFromLong(context, value), context);
        }

        @Override
        public Object createFromBigInteger(DeserializationContext context, BigInteger value) throws IOException {
            return required(super.createFromBigInteger(context, value), context);
        }

        @Override
        public Object createFromDouble(DeserializationContext context, double value) throws IOException {
            return required(super.createFromDouble(context, value), context);
        }

        @Override
        public Object createFromBigDecimal(DeserializationContext context, BigDecimal value) throws IOException {
            return required(super.createFromBigDecimal(context, value), context);
        }

        @Override
        public Object createFromBoolean(DeserializationContext context, boolean value) throws IOException {
            return required(super.createFromBoolean(context, value), context);
        }

        private Object required(@Nullable Object value, DeserializationContext context) throws IOException {
            return value == null
                    ? context.reportInputMismatch(getValueClass(), "The factory method returned null.")
                    : value;
        }
    }
}
